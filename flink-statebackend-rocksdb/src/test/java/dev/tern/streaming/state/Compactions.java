package dev.tern.streaming.state;

import org.apache.flink.state.rocksdb.RocksDBKeyedStateBackend;
import org.apache.flink.state.rocksdb.RocksDBKeyedStateBackend.RocksDbKvStateInfo;

import org.rocksdb.FlushOptions;

/** What a database does with its files some day, done at once. */
final class Compactions {

    private Compactions() {}

    /** Writes out what is in the memory tables. */
    static void flushToFiles(HarnessSubtask subtask) throws Exception {
        RocksDBKeyedStateBackend<?> backend = (RocksDBKeyedStateBackend<?>) subtask.backend();
        backend.writeBatchWrapper.flush();
        try (FlushOptions options = new FlushOptions()) {
            for (RocksDbKvStateInfo state : backend.kvStateInformation.values()) {
                backend.db.flush(options, state.columnFamilyHandle);
            }
        }
    }

    static void compact(HarnessSubtask subtask) throws Exception {
        RocksDBKeyedStateBackend<?> backend = (RocksDBKeyedStateBackend<?>) subtask.backend();
        for (RocksDbKvStateInfo state : backend.kvStateInformation.values()) {
            backend.db.compactRange(state.columnFamilyHandle);
        }
    }
}
