package dev.tern.streaming.state;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.checkpoint.CheckpointType;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.SavepointType;
import org.apache.flink.runtime.checkpoint.SnapshotType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.stream.Stream;

/** What a database with any key groups writes is restored, timers on the heap. */
@ExtendWith(OnRocks.class)
class RocksSnapshotsTest extends SnapshotsTest {

    /** Without native savepoints, see {@link #nativeSavepointsLackTimersOfTheHeapInFlinkToo}. */
    static Stream<SnapshotType> formatsWithTimers() {
        return Stream.of(
                CheckpointType.CHECKPOINT,
                SavepointType.savepoint(SavepointFormatType.CANONICAL));
    }

    @Override
    @ParameterizedTest
    @MethodSource("formatsWithTimers")
    void aScatteredOwnershipIsRestoredAtEveryParallelism(SnapshotType format) throws Exception {
        super.aScatteredOwnershipIsRestoredAtEveryParallelism(format);
    }

    @Override
    @ParameterizedTest
    @MethodSource("formatsWithTimers")
    void aCheckpointBetweenTwoStepsIsRestoredAtEveryParallelism(SnapshotType format)
            throws Exception {
        super.aCheckpointBetweenTwoStepsIsRestoredAtEveryParallelism(format);
    }

    /**
     * Flink itself writes timers of the heap into checkpoints and canonical savepoints of RocksDB, but
     * not into native savepoints. Here nothing was ever moved; when this fails, Flink has changed.
     */
    @Test
    void nativeSavepointsLackTimersOfTheHeapInFlinkToo() throws Exception {
        int key = HarnessSubtask.keyOf(3, 0);
        try (HarnessSubtask subtask = HarnessSubtask.open(RecorderFunction.operator(), 1, 0)) {
            subtask.send(key, 9);
            long checkpoint = 0;
            for (SnapshotType format : formats().toList()) {
                OperatorSubtaskState snapshot =
                        subtask.harness
                                .snapshotWithLocalState(++checkpoint, 1, format)
                                .getJobManagerOwnedState();
                try (HarnessSubtask restored =
                        HarnessSubtask.restore(RecorderFunction.operator(), 1, 0, snapshot)) {
                    restored.watermark(9);
                    if (format.equals(SavepointType.savepoint(SavepointFormatType.NATIVE))) {
                        assertThat(restored.output()).as("%s", format).isEmpty();
                    } else {
                        assertThat(restored.output())
                                .as("%s", format)
                                .containsExactly(key + " EVENT_TIME 9: [9]");
                    }
                }
            }
        }
    }
}
