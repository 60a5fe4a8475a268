package dev.tern.streaming.state;

import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.checkpoint.CheckpointType;
import org.apache.flink.runtime.checkpoint.SavepointType;
import org.apache.flink.runtime.checkpoint.SnapshotType;

import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.stream.Stream;

/** What a database with any key groups writes is restored, timers on the heap. */
@ExtendWith(OnRocks.class)
class RocksSnapshotsTest extends SnapshotsTest {

    /** Flink writes no timers of the heap into native savepoints of RocksDB. */
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
}
