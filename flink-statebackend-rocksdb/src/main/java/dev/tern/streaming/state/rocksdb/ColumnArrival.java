package dev.tern.streaming.state.rocksdb;

import java.io.IOException;
import java.util.ArrayDeque;

/**
 * The entries of one key group and one column family on their way into a database: few are written
 * as they are, many as a file. One transfer thread.
 */
final class ColumnArrival implements AutoCloseable {

    private final ArrivingColumns columns;
    private final Column column;
    private final int keyGroup;
    private final ArrayDeque<EntryBatch> waiting = new ArrayDeque<>();
    private EntryBatch batch = new EntryBatch();
    private long waitingBytes;
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
        if (file != null) {
            file.add(batch);
            return;
        }
        waitingBytes += batch.bytes();
        waiting.add(batch);
        batch = new EntryBatch();
        if (waitingBytes >= columns.fileBytes()) {
            file = columns.newFile(column);
            while (!waiting.isEmpty()) {
                file.add(waiting.remove());
            }
        }
    }

    /** All entries have been added; they are in the database afterwards. */
    void finish() throws IOException {
        pass();
        if (file != null) {
            columns.ingest(column, file);
        } else {
            while (!waiting.isEmpty()) {
                columns.write(column, waiting.remove());
            }
        }
    }

    @Override
    public void close() {
        if (file != null) {
            file.close();
        }
    }
}
