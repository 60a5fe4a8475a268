package dev.tern.streaming.state;

import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.apache.flink.state.rocksdb.RocksDBConfigurableOptions;
import org.apache.flink.state.rocksdb.RocksDBOptions;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Has a test class keep its state in RocksDB. */
class OnRocks implements BeforeAllCallback, AfterAllCallback {

    /** With timers in RocksDB, too. */
    static class WithTimers extends OnRocks {
        @Override
        Configuration configuration() {
            return super.configuration()
                    .set(
                            RocksDBOptions.TIMER_SERVICE_FACTORY,
                            EmbeddedRocksDBStateBackend.PriorityQueueStateType.ROCKSDB);
        }
    }

    /** With timers in RocksDB and files that are imported at a restore. */
    static final class WithImports extends WithTimers {
        @Override
        Configuration configuration() {
            return super.configuration()
                    .set(RocksDBConfigurableOptions.USE_INGEST_DB_RESTORE_MODE, true);
        }
    }

    /** With incremental checkpoints; timers are on the heap. */
    Configuration configuration() {
        return new Configuration()
                .set(
                        RocksDBOptions.TIMER_SERVICE_FACTORY,
                        EmbeddedRocksDBStateBackend.PriorityQueueStateType.HEAP)
                // Small, so that not all key groups are in one file.
                .set(RocksDBConfigurableOptions.TARGET_FILE_SIZE_BASE, MemorySize.parse("64kb"))
                .set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, true);
    }

    static StateBackend backend(ReadableConfig configuration) {
        return new EmbeddedRocksDBStateBackend()
                .configure(configuration, OnRocks.class.getClassLoader());
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        HarnessSubtask.useBackend(() -> backend(configuration()));
    }

    @Override
    public void afterAll(ExtensionContext context) {
        HarnessSubtask.useBackend(HashMapStateBackend::new);
    }
}
