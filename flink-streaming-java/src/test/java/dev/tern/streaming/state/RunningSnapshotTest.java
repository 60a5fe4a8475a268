package dev.tern.streaming.state;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.flink.runtime.checkpoint.CheckpointOptions;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.SnapshotResult;
import org.apache.flink.runtime.state.memory.MemCheckpointStreamFactory;

import org.junit.jupiter.api.Test;

import java.util.concurrent.RunnableFuture;

/** On the heap, units leave and arrive while a snapshot is being written. */
class RunningSnapshotTest {

    @Test
    void aSnapshotThatIsStillBeingWrittenIsNotDisturbed() throws Exception {
        int moving = HarnessSubtask.keyOf(3, 0);
        int staying = HarnessSubtask.keyOf(5, 0);
        OperatorSubtaskState snapshot;
        try (HarnessSubtask left = HarnessSubtask.open(RecorderFunction.operator(), 2, 0);
                HarnessSubtask right = HarnessSubtask.open(RecorderFunction.operator(), 2, 1)) {
            right.widen();
            left.send(moving, 9);
            left.send(staying, 12);
            RunnableFuture<SnapshotResult<KeyedStateHandle>> asynchronousPart =
                    left.backend()
                            .snapshot(
                                    1,
                                    1,
                                    new MemCheckpointStreamFactory(1 << 20),
                                    CheckpointOptions.forCheckpointWithDefaultLocation());
            Transport.BY_REFERENCE.move(left, right, 3);
            left.state().rebase(KeyGroupRange.of(5, 5));
            left.send(staying, 15);
            right.send(moving, 18);
            asynchronousPart.run();
            snapshot =
                    OperatorSubtaskState.builder()
                            .setManagedKeyedState(
                                    asynchronousPart.get().getJobManagerOwnedSnapshot())
                            .build();
        }
        try (HarnessSubtask restored =
                HarnessSubtask.restore(RecorderFunction.operator(), 2, 0, snapshot)) {
            restored.watermark(100);
            assertThat(restored.output())
                    .containsExactly(
                            moving + " EVENT_TIME 9: [9]", staying + " EVENT_TIME 12: [12]");
        }
    }
}
