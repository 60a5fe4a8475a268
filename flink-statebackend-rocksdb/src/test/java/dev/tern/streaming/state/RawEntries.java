package dev.tern.streaming.state;

import org.apache.flink.runtime.state.CompositeKeySerializationUtils;
import org.apache.flink.state.rocksdb.RocksDBKeyedStateBackend;
import org.apache.flink.state.rocksdb.RocksDBKeyedStateBackend.RocksDbKvStateInfo;

import org.rocksdb.ReadOptions;
import org.rocksdb.RocksIterator;

import java.util.TreeMap;

/** What is in the column families of a database, read past all of Flink's classes. */
final class RawEntries {

    private RawEntries() {}

    /** Number of entries, timers included, by key group. */
    static TreeMap<Integer, Integer> byKeyGroup(HarnessSubtask subtask) throws Exception {
        RocksDBKeyedStateBackend<?> backend = (RocksDBKeyedStateBackend<?>) subtask.backend();
        backend.writeBatchWrapper.flush();
        TreeMap<Integer, Integer> entries = new TreeMap<>();
        for (RocksDbKvStateInfo state : backend.kvStateInformation.values()) {
            try (ReadOptions options = new ReadOptions().setTotalOrderSeek(true);
                    RocksIterator all = backend.db.newIterator(state.columnFamilyHandle, options)) {
                for (all.seekToFirst(); all.isValid(); all.next()) {
                    entries.merge(
                            CompositeKeySerializationUtils.extractKeyGroup(
                                    backend.getKeyGroupPrefixBytes(), all.key()),
                            1,
                            Integer::sum);
                }
            }
        }
        return entries;
    }
}
