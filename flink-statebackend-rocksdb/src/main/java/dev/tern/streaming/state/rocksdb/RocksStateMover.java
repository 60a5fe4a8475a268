package dev.tern.streaming.state.rocksdb;

import dev.tern.streaming.state.MovableState;
import dev.tern.streaming.state.StateMover;

import org.apache.flink.runtime.state.CheckpointableKeyedStateBackend;
import org.apache.flink.runtime.state.KeyGroupedInternalPriorityQueue;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.apache.flink.state.rocksdb.RocksDBKeyedStateBackend;

import java.util.List;
import java.util.function.Supplier;

/** Moves state of the RocksDB backend. */
public final class RocksStateMover implements StateMover {

    /**
     * Below this a memory table takes the entries as fast as they come; beyond it would have to be
     * written out, and compacted, while they come. See docs/BENCHMARKS.md.
     */
    private static final long FILE_BYTES = 32L << 20;

    private final long fileBytes;

    public RocksStateMover() {
        this(FILE_BYTES);
    }

    /**
     * @param fileBytes what a key group has beyond this in one state arrives as a file
     */
    public RocksStateMover(long fileBytes) {
        this.fileBytes = fileBytes;
    }

    @Override
    public String name() {
        return "rocksdb";
    }

    @Override
    public boolean supports(CheckpointableKeyedStateBackend<?> backend) {
        return backend instanceof RocksDBKeyedStateBackend;
    }

    @Override
    public boolean supports(StateBackend configured) {
        return configured instanceof EmbeddedRocksDBStateBackend;
    }

    @Override
    public MovableState open(
            CheckpointableKeyedStateBackend<?> backend,
            Supplier<List<KeyGroupedInternalPriorityQueue<?>>> timers) {
        return new RocksState<>((RocksDBKeyedStateBackend<?>) backend, timers, fileBytes);
    }
}
