package dev.tern.streaming.state.rocksdb;

import org.rocksdb.Range;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.SizeApproximationFlag;
import org.rocksdb.TableProperties;

import java.util.List;

/**
 * Estimates how many bytes key groups would have on their way: what RocksDB says of its memory
 * tables, and of its files, times what these have been compressed by.
 */
final class ColumnSizes {

    private ColumnSizes() {}

    /** Adds the sizes of the ranges in one column family. */
    static void add(RocksDB db, Column column, List<Range> ranges, long[] bytes)
            throws RocksDBException {
        long[] inFiles =
                db.getApproximateSizes(
                        column.handle(), ranges, SizeApproximationFlag.INCLUDE_FILES);
        long[] inMemory =
                db.getApproximateSizes(
                        column.handle(), ranges, SizeApproximationFlag.INCLUDE_MEMTABLES);
        double expansion = expansion(db, column);
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] += inMemory[i] + Math.round(inFiles[i] * expansion);
        }
    }

    private static double expansion(RocksDB db, Column column) throws RocksDBException {
        long raw = 0;
        long stored = 0;
        for (TableProperties table : db.getPropertiesOfAllTables(column.handle()).values()) {
            raw += table.getRawKeySize() + table.getRawValueSize();
            stored += table.getDataSize();
        }
        return stored == 0 ? 1 : Math.max(1, raw / (double) stored);
    }
}
