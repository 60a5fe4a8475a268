package dev.tern.streaming.state.rocksdb;

import dev.tern.streaming.state.BackendSchema;

import org.apache.flink.state.rocksdb.RocksDBKeyedStateBackend;
import org.apache.flink.state.rocksdb.RocksDBKeyedStateBackend.RocksDbKvStateInfo;
import org.apache.flink.util.ResourceGuard;

import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;
import org.rocksdb.WriteBatch;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * Where units arrive: the column families of the new owner. Used on transfer threads, beside the
 * task, which does not touch a key group before it is installed. The database is held open for
 * single calls only, never while bytes are awaited.
 */
final class ArrivingColumns {

    private final RocksDBKeyedStateBackend<?> backend;
    private final KeyPrefix prefix;
    private final Map<String, RocksDbKvStateInfo> states;
    private final Map<String, Column> columns = new HashMap<>();
    private final BackendSchema written;
    private final long fileBytes;

    /**
     * Looks at what is registered; task mailbox thread.
     *
     * @param written schema of the old owner, adopted before
     * @param fileBytes what a key group has beyond this in one column family arrives as a file
     */
    ArrivingColumns(
            RocksDBKeyedStateBackend<?> backend, BackendSchema written, long fileBytes) {
        this.backend = backend;
        this.prefix = new KeyPrefix(backend.getKeyGroupPrefixBytes());
        this.states = Map.copyOf(backend.kvStateInformation);
        this.written = written;
        this.fileBytes = fileBytes;
        states.forEach(
                (name, state) -> columns.put(name, new Column(name, state.columnFamilyHandle)));
    }

    /**
     * Checks that what has arrived still means here what it meant when it was written. The task may
     * have registered a state meanwhile that had come with the schema, with another serializer; it
     * then changes all entries to the new format, but only those that it finds. Task mailbox
     * thread.
     *
     * @throws IOException if it does not
     */
    void requireUnchanged() throws IOException {
        for (Map.Entry<String, RocksDbKvStateInfo> state : states.entrySet()) {
            RocksDbKvStateInfo now = backend.kvStateInformation.get(state.getKey());
            if (now == state.getValue()) {
                continue;
            }
            RocksSchema.registerMissing(written, backend);
            if (now.columnFamilyHandle != state.getValue().columnFamilyHandle) {
                throw new IOException(
                        "State '" + state.getKey() + "' got a new column family on the way");
            }
        }
    }

    Column column(String name) throws IOException {
        Column column = columns.get(name);
        if (column == null) {
            throw new IOException(
                    "State '"
                            + name
                            + "' is not registered here. The old owner's schema must be adopted"
                            + " first; registered are "
                            + columns.keySet());
        }
        return column;
    }

    /**
     * @throws IOException if there is something in the key group, which then belongs to somebody
     */
    void requireEmpty(int keyGroup) throws IOException {
        try (ResourceGuard.Lease lease = backend.rocksDBResourceGuard.acquireResource()) {
            for (Column column : columns.values()) {
                if (isOccupied(column, keyGroup)) {
                    throw new IOException(
                            "Key group "
                                    + keyGroup
                                    + " cannot be installed: the new owner already has state for"
                                    + " it, in '"
                                    + column.name()
                                    + "'.");
                }
            }
        }
    }

    private boolean isOccupied(Column column, int keyGroup) {
        try (Slice end = new Slice(prefix.of(keyGroup + 1));
                ReadOptions options =
                        new ReadOptions().setIterateUpperBound(end).setTotalOrderSeek(true);
                RocksIterator iterator = backend.db.newIterator(column.handle(), options)) {
            iterator.seek(prefix.of(keyGroup));
            return iterator.isValid();
        }
    }

    /** What a key group has beyond this in one column family, in bytes, arrives as a file. */
    long fileBytes() {
        return fileBytes;
    }

    /** Writes entries and empties the batch. */
    void write(Column column, EntryBatch entries) throws IOException {
        if (entries.isEmpty()) {
            return;
        }
        try (ResourceGuard.Lease lease = backend.rocksDBResourceGuard.acquireResource();
                WriteBatch batch = new WriteBatch()) {
            for (int i = 0; i < entries.size(); i++) {
                batch.put(column.handle(), entries.key(i), entries.value(i));
            }
            backend.db.write(backend.getWriteOptions(), batch);
        } catch (RocksDBException e) {
            throw new IOException("A unit cannot be written to RocksDB", e);
        }
        entries.clear();
    }

    ArrivingFile newFile(Column column) throws IOException {
        try (ResourceGuard.Lease lease = backend.rocksDBResourceGuard.acquireResource()) {
            return new ArrivingFile(
                    backend.instanceBasePath
                            .toPath()
                            .resolve("arriving-" + UUID.randomUUID() + ".sst"),
                    column.handle().getDescriptor().getOptions());
        } catch (RocksDBException e) {
            throw new IOException("The options of '" + column.name() + "' cannot be read", e);
        }
    }

    void ingest(Column column, ArrivingFile file) throws IOException {
        try (ResourceGuard.Lease lease = backend.rocksDBResourceGuard.acquireResource()) {
            file.ingest(backend.db, column);
        }
    }

    /**
     * @throws IOException if one of the entries is not of the key group
     */
    void requireKeyGroup(Column column, int keyGroup, EntryBatch entries) throws IOException {
        for (int i = 0; i < entries.size(); i++) {
            if (!prefix.isOf(entries.key(i), keyGroup)) {
                throw new IOException(
                        "A key of state '"
                                + column.name()
                                + "' belongs to key group "
                                + prefix.keyGroupOf(entries.key(i))
                                + ", but arrived in key group "
                                + keyGroup
                                + ".");
            }
        }
    }
}
