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
    /** Full checkpoints, timers on the heap. */
    ROCKSDB_FULL,
    /** Incremental checkpoints, timers in RocksDB. */
    ROCKSDB,
    /** Files are imported at a restore where that is possible. */
    ROCKSDB_IMPORT,
    /** A task restores from its own disk where that is possible. */
    ROCKSDB_LOCAL;

    /** The value of {@code state.backend.type}. */
    String type() {
        return this == HEAP ? "hashmap" : "rocksdb";
    }

    Configuration configure(Configuration configuration) {
        configuration.set(StateBackendOptions.STATE_BACKEND, type());
        if (this == HEAP) {
            return configuration;
        }
        return configuration
                .set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, this != ROCKSDB_FULL)
                .set(
                        RocksDBOptions.TIMER_SERVICE_FACTORY,
                        this == ROCKSDB_FULL
                                ? PriorityQueueStateType.HEAP
                                : PriorityQueueStateType.ROCKSDB)
                .set(
                        RocksDBConfigurableOptions.USE_INGEST_DB_RESTORE_MODE,
                        this == ROCKSDB_IMPORT)
                .set(StateRecoveryOptions.LOCAL_RECOVERY, this == ROCKSDB_LOCAL);
    }
}
