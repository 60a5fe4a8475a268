package dev.tern.streaming.state.rocksdb;

import org.apache.flink.state.rocksdb.RocksDBKeyedStateBackend;

import org.rocksdb.LiveFileMetaData;
import org.rocksdb.RocksDBException;

import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Files of key groups that have left. What left is hidden by range deletes and would go with
 * compactions, some day; until then it takes disk, is part of every checkpoint, and keeps a restore
 * from importing the files. Files that hold nothing else are dropped at once, without reading or
 * writing any; what is in one file with what stayed still waits for a compaction.
 */
final class DeadFiles {

    private DeadFiles() {}

    /**
     * Drops the files of key groups that are not occupied. Task mailbox thread, where snapshots
     * begin: nobody may need an old state of the database, so nothing is dropped while there is a
     * snapshot, of a savepoint or of units that are still to be fetched.
     *
     * @param columns all column families with state
     * @param occupied every key group that holds anything
     */
    static void drop(
            RocksDBKeyedStateBackend<?> backend, List<Column> columns, BitSet occupied)
            throws RocksDBException {
        if (backend.db.getLongProperty("rocksdb.num-snapshots") > 0) {
            return;
        }
        KeyPrefix prefix = new KeyPrefix(backend.getKeyGroupPrefixBytes());
        for (Map.Entry<Integer, Integer> run :
                runs(
                                backend.db.getLiveFilesMetaData(),
                                prefix,
                                occupied,
                                backend.getNumberOfKeyGroups())
                        .entrySet()) {
            byte[] from = prefix.of(run.getKey());
            byte[] to = prefix.of(run.getValue());
            for (Column column : columns) {
                backend.db.deleteFilesInRanges(column.handle(), List.of(from, to), false);
                // A range delete may be among what was dropped, and what it hid in files that were
                // not would be seen again.
                backend.db.deleteRange(column.handle(), backend.getWriteOptions(), from, to);
            }
        }
    }

    /** The runs of unoccupied key groups, first to last exclusive, that have files of their own. */
    private static SortedMap<Integer, Integer> runs(
            List<LiveFileMetaData> files, KeyPrefix prefix, BitSet occupied, int keyGroups) {
        SortedMap<Integer, Integer> runs = new TreeMap<>();
        for (LiveFileMetaData file : files) {
            int first = prefix.keyGroupOf(file.smallestKey());
            int last = prefix.keyGroupOf(file.largestKey());
            int next = occupied.nextSetBit(first);
            // Files of level 0 are not dropped; that of the mark is not of any key group.
            if (file.level() > 0 && last < keyGroups && (next < 0 || next > last)) {
                runs.put(occupied.previousSetBit(first) + 1, next < 0 ? keyGroups : next);
            }
        }
        return runs;
    }
}
