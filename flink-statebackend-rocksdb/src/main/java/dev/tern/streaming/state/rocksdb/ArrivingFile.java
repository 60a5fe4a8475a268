package dev.tern.streaming.state.rocksdb;

import org.apache.flink.util.IOUtils;

import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.DBOptions;
import org.rocksdb.EnvOptions;
import org.rocksdb.IngestExternalFileOptions;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.SstFileWriter;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Many entries of a key group as a file that the database takes over whole: it skips the memory
 * tables, and is never compacted for having arrived. One thread.
 */
final class ArrivingFile implements AutoCloseable {

    private final Path path;
    private final DBOptions dbOptions = new DBOptions();
    private final EnvOptions environment = new EnvOptions();
    private final Options options;
    private final SstFileWriter writer;

    /**
     * Begins a file.
     *
     * @param path does not exist; on the disk of the database
     * @param columnOptions of the column family; closed with this object
     */
    ArrivingFile(Path path, ColumnFamilyOptions columnOptions) throws IOException {
        this.path = path;
        try (columnOptions) {
            this.options = new Options(dbOptions, columnOptions);
        }
        this.writer = new SstFileWriter(environment, options);
        try {
            writer.open(path.toString());
        } catch (RocksDBException e) {
            close();
            throw new IOException("The file " + path + " of a unit cannot be created", e);
        }
    }

    /** Adds entries, in the order of their keys, and empties the batch. */
    void add(EntryBatch batch) throws IOException {
        try {
            for (int i = 0; i < batch.size(); i++) {
                writer.put(batch.key(i), batch.value(i));
            }
        } catch (RocksDBException e) {
            throw new IOException("The file " + path + " of a unit cannot be written", e);
        }
        batch.clear();
    }

    /** Gives the file to the database, which the caller holds open. */
    void ingest(RocksDB db, Column column) throws IOException {
        try (IngestExternalFileOptions moved = new IngestExternalFileOptions().setMoveFiles(true)) {
            writer.finish();
            db.ingestExternalFile(column.handle(), List.of(path.toString()), moved);
        } catch (RocksDBException e) {
            throw new IOException("The file " + path + " of a unit cannot be taken over", e);
        }
    }

    @Override
    public void close() {
        writer.close();
        options.close();
        environment.close();
        dbOptions.close();
        IOUtils.closeQuietly(() -> Files.deleteIfExists(path));
    }
}
