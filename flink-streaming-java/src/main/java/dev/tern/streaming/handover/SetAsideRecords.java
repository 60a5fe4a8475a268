package dev.tern.streaming.handover;

import org.apache.flink.core.memory.DataInputViewStreamWrapper;
import org.apache.flink.core.memory.DataOutputSerializer;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Records that wait, in arrival order, queue by queue: one for each unit that is still on its way, or
 * for each of its channels.
 *
 * <p>Kept serialized, so that the bound on memory is exact. Past the bound the queue with the most
 * bytes goes to a file of its own; what comes later for it is appended behind. Task mailbox thread.
 */
final class SetAsideRecords implements Closeable {

    /** Writes one record behind what is there. */
    interface RecordWriter {
        void write(DataOutputSerializer out) throws IOException;
    }

    /** Takes one record back. */
    interface RecordReader {
        void read(DataInputViewStreamWrapper in) throws Exception;
    }

    private static final int INITIAL_BYTES = 4096;

    private static final class Queue {
        private final DataOutputSerializer memory = new DataOutputSerializer(INITIAL_BYTES);
        private final long firstNanos;
        private long records;
        private File spilled;

        private Queue(long firstNanos) {
            this.firstNanos = firstNanos;
        }
    }

    private final long memoryBytes;
    private final File[] spillDirectories;
    // Concurrent only for close(), which the thread that cancels the task may call.
    private final Map<Long, Queue> queues = new ConcurrentHashMap<>();
    private long bytesInMemory;
    private long bytesSpilled;
    private long peakBytes;
    private long writtenBytes;

    /**
     * @param memoryBytes what may be kept in memory
     * @param spillDirectories where files go; used in turn
     */
    SetAsideRecords(long memoryBytes, File[] spillDirectories) {
        this.memoryBytes = memoryBytes;
        this.spillDirectories = spillDirectories.clone();
    }

    /** Sets a record aside. */
    void add(long number, RecordWriter record) throws IOException {
        Queue queue =
                queues.computeIfAbsent(number, ignored -> new Queue(System.nanoTime()));
        int before = queue.memory.length();
        record.write(queue.memory);
        queue.records++;
        bytesInMemory += queue.memory.length() - before;
        peakBytes = Math.max(peakBytes, bytesInMemory + bytesSpilled);
        if (bytesInMemory > memoryBytes) {
            spillLargest();
        }
    }

    /**
     * Gives the records of a queue back in the order in which they came.
     *
     * @return how long the first of them waited, in nanoseconds; 0 when there were none
     */
    long drain(long number, RecordReader reader) throws Exception {
        Queue queue = queues.remove(number);
        if (queue == null) {
            return 0L;
        }
        bytesInMemory -= queue.memory.length();
        long left = queue.records;
        if (queue.spilled != null) {
            bytesSpilled -= queue.spilled.length();
            try (InputStream file =
                    new BufferedInputStream(new FileInputStream(queue.spilled), 1 << 16)) {
                left = readAll(file, left, reader);
            } finally {
                Files.deleteIfExists(queue.spilled.toPath());
            }
        }
        left =
                readAll(
                        new ByteArrayInputStream(
                                queue.memory.getSharedBuffer(), 0, queue.memory.length()),
                        left,
                        reader);
        if (left != 0) {
            throw new EOFException(
                    left + " records of queue " + number + " are missing of those set aside");
        }
        return System.nanoTime() - queue.firstNanos;
    }

    boolean isEmpty() {
        return queues.isEmpty();
    }

    /** Most bytes that were set aside at once, in memory and on disk. */
    long peakBytes() {
        return peakBytes;
    }

    /** How many bytes were written to disk since this was asked last. */
    long takeSpilledBytes() {
        long taken = writtenBytes;
        writtenBytes = 0;
        return taken;
    }

    /** Forgets everything; the task is ending. */
    @Override
    public void close() throws IOException {
        for (Queue queue : queues.values()) {
            if (queue.spilled != null) {
                Files.deleteIfExists(queue.spilled.toPath());
            }
        }
        queues.clear();
    }

    private static long readAll(InputStream in, long records, RecordReader reader)
            throws Exception {
        DataInputViewStreamWrapper view = new DataInputViewStreamWrapper(in);
        long left = records;
        while (left > 0 && hasMore(in)) {
            reader.read(view);
            left--;
        }
        return left;
    }

    private static boolean hasMore(InputStream in) throws IOException {
        in.mark(1);
        int next = in.read();
        in.reset();
        return next >= 0;
    }

    private void spillLargest() throws IOException {
        Queue largest = null;
        long number = -1;
        for (Map.Entry<Long, Queue> entry : queues.entrySet()) {
            if (largest == null || entry.getValue().memory.length() > largest.memory.length()) {
                largest = entry.getValue();
                number = entry.getKey();
            }
        }
        if (largest.spilled == null) {
            File directory = spillDirectories[Math.floorMod(number, spillDirectories.length)];
            largest.spilled = File.createTempFile("tern-set-aside-" + number + "-", ".bin", directory);
        }
        try (FileOutputStream file = new FileOutputStream(largest.spilled, true)) {
            file.write(largest.memory.getSharedBuffer(), 0, largest.memory.length());
        }
        bytesSpilled += largest.memory.length();
        writtenBytes += largest.memory.length();
        bytesInMemory -= largest.memory.length();
        largest.memory.clear();
    }
}
