package dev.tern.streaming.state.rocksdb;

import org.apache.flink.state.rocksdb.RocksDBKeyedStateBackend;

import org.rocksdb.RocksDBException;

/**
 * Marks a database whose files must not be imported into another one as they are.
 *
 * <p>With {@code state.backend.rocksdb.use-ingest-db-restore-mode} Flink restores from several
 * databases by importing their files, which RocksDB refuses if the key ranges of two of them
 * overlap; and with an ownership that is not made of ranges they do. Flink looks whether a database
 * has keys beyond the key groups that it is declared to have, and copies it entry by entry then. So
 * the mark is such a key, in the column family that Flink does not use and copies nothing from.
 */
final class ImportMark {

    /** Beyond every key group; 32767 is the highest. */
    private static final byte[] KEY = {(byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff};

    private ImportMark() {}

    /** Task mailbox thread. */
    static void set(RocksDBKeyedStateBackend<?> backend) throws RocksDBException {
        backend.db.put(
                backend.defaultColumnFamily, backend.getWriteOptions(), KEY, new byte[0]);
    }

    /** Removes the mark and what is left of it in files. Task mailbox thread. */
    static void remove(RocksDBKeyedStateBackend<?> backend) throws RocksDBException {
        if (isSet(backend)) {
            backend.db.delete(backend.defaultColumnFamily, backend.getWriteOptions(), KEY);
            backend.db.compactRange(backend.defaultColumnFamily);
        }
    }

    static boolean isSet(RocksDBKeyedStateBackend<?> backend) throws RocksDBException {
        return backend.db.get(backend.defaultColumnFamily, KEY) != null;
    }
}
