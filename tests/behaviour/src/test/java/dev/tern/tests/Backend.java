package dev.tern.tests;

import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend.PriorityQueueStateType;
import org.apache.flink.state.rocksdb.RocksDBConfigurableOptions;
import org.apache.flink.state.rocksdb.RocksDBOptions;

/** Where a job under test keeps its state, and how it gets it back. */
enum Backend {
    HEAP,
    /** Many small files of a checkpoint are put together into larger ones. */
    HEAP_MERGING,
    /** Full checkpoints, timers on the heap. */
    ROCKSDB_FULL,
    /** Incremental checkpoints, timers in RocksDB. */
    ROCKSDB,
    /** Incremental checkpoints, timers on the heap. */
    ROCKSDB_HEAP_TIMERS,
    /** Files are imported at a restore where that is possible. */
    ROCKSDB_IMPORT,
    /** A task restores from its own disk where that is possible. */
    ROCKSDB_LOCAL,
    /** Many small files of a checkpoint are put together into larger ones. */
    ROCKSDB_MERGING;

    boolean isOnHeap() {
        return this == HEAP || this == HEAP_MERGING;
    }

    /** The value of {@code state.backend.type}. */
    String type() {
        return isOnHeap() ? "hashmap" : "rocksdb";
    }

    Configuration configure(Configuration configuration) {
        configuration
                .set(StateBackendOptions.STATE_BACKEND, type())
                .set(
                        CheckpointingOptions.FILE_MERGING_ENABLED,
                        this == HEAP_MERGING || this == ROCKSDB_MERGING);
        if (isOnHeap()) {
            return configuration;
        }
        return configuration
                .set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, this != ROCKSDB_FULL)
                .set(
                        RocksDBOptions.TIMER_SERVICE_FACTORY,
                        this == ROCKSDB_FULL || this == ROCKSDB_HEAP_TIMERS
                                ? PriorityQueueStateType.HEAP
                                : PriorityQueueStateType.ROCKSDB)
                .set(
                        RocksDBConfigurableOptions.USE_INGEST_DB_RESTORE_MODE,
                        this == ROCKSDB_IMPORT)
                .set(StateRecoveryOptions.LOCAL_RECOVERY, this == ROCKSDB_LOCAL);
    }

    /** What a job in a cluster of that configuration has to be given. */
    Configuration inJob(Configuration cluster) {
        return configure(new Configuration(cluster));
    }
}
