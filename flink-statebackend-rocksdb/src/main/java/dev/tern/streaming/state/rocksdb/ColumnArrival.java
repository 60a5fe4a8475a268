package dev.tern.streaming.state.rocksdb;

import java.io.IOException;

/**
 * The entries of one key group and one column family on their way into a database: written as they
 * come, and what is beyond a limit as a file. One transfer thread.
 */
final class ColumnArrival implements AutoCloseable {

    private final ArrivingColumns columns;
    private final Column column;
    private final int keyGroup;
    private final EntryBatch batch = new EntryBatch();
    private long bytes;
    private ArrivingFile file;

    ColumnArrival(ArrivingColumns columns, Column column, int keyGroup) {
        this.columns = columns;
        this.column = column;
        this.keyGroup = keyGroup;
    }

    /** Where the next entries are to be added; {@link #accept} follows. */
    EntryBatch batch() {
        return batch;
    }

    /** Passes the batch on if it is full. */
    void accept() throws IOException {
        if (batch.isFull()) {
            pass();
        }
    }

    private void pass() throws IOException {
        columns.requireKeyGroup(column, keyGroup, batch);
        if (file == null && bytes >= columns.fileBytes() && !batch.isEmpty()) {
            file = columns.newFile(column);
        }
        bytes += batch.bytes();
        if (file == null) {
            columns.write(column, batch);
        } else {
            file.add(batch);
        }
    }

    /** All entries have been added; they are in the database afterwards. */
    void finish() throws IOException {
        pass();
        if (file != null) {
            columns.ingest(column, file);
        }
    }

    @Override
    public void close() {
        if (file != null) {
            file.close();
        }
    }
}
