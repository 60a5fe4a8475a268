package dev.tern.examples.measure;

import java.io.Closeable;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Appends to the arrival log of one attempt of one sink subtask.
 *
 * <p>The file appears with the first entry. Entries reach it when the buffer is full, every 100 ms
 * and on close. {@link #add} belongs to one thread (the sink's task); a thread of the writer's own
 * flushes.
 */
public final class ArrivalLogWriter implements Closeable {

    private static final int BUFFER_ENTRIES = 4096;
    private static final long FLUSH_MILLIS = 100;

    private final Path file;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_ENTRIES * Arrival.BYTES);

    // A stream, because a channel is closed under us when the task is interrupted to cancel it.
    private FileOutputStream out;
    private boolean closed;
    private ScheduledExecutorService flusher;
    private IOException failure;

    /**
     * @param directory created with the first entry if missing
     * @param subtask index of the sink subtask
     * @param attempt attempt number of the sink subtask
     * @param startMillis when the attempt started, epoch milliseconds
     */
    public ArrivalLogWriter(Path directory, int subtask, int attempt, long startMillis) {
        this.file =
                directory.resolve(
                        "arrivals-" + subtask + "-" + attempt + "-" + startMillis + ".bin");
    }

    /** Appends an entry; reports a failed flush of earlier ones. */
    public synchronized void add(Arrival arrival) throws IOException {
        if (failure != null) {
            throw new IOException("The arrival log " + file + " cannot be written.", failure);
        }
        if (out == null) {
            open();
        }
        arrival.writeTo(buffer);
        if (!buffer.hasRemaining()) {
            flush();
        }
    }

    private void open() throws IOException {
        Files.createDirectories(file.getParent());
        out = new FileOutputStream(file.toFile());
        flusher =
                Executors.newSingleThreadScheduledExecutor(
                        task -> {
                            Thread thread = new Thread(task, "arrival-log-flusher");
                            thread.setDaemon(true);
                            return thread;
                        });
        flusher.scheduleWithFixedDelay(
                this::flushInBackground, FLUSH_MILLIS, FLUSH_MILLIS, TimeUnit.MILLISECONDS);
    }

    private synchronized void flushInBackground() {
        try {
            flush();
        } catch (IOException e) {
            failure = e;
        }
    }

    private void flush() throws IOException {
        if (closed) {
            return;
        }
        out.write(buffer.array(), 0, buffer.position());
        buffer.clear();
    }

    @Override
    public synchronized void close() throws IOException {
        if (out == null || closed) {
            return;
        }
        flusher.shutdown();
        try {
            flush();
        } finally {
            closed = true;
            out.close();
        }
    }
}
