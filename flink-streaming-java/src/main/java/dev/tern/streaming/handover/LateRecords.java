package dev.tern.streaming.handover;

import dev.tern.rescale.plan.MigrationStep;
import dev.tern.rescale.plan.Move;

import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.runtime.checkpoint.channel.InputChannelInfo;

import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/**
 * What one old owner re-routes to one new owner in one step, in order.
 *
 * <p>The new owner asks for one batch after the other; that it asks again says that it has processed
 * the batch before. So batches become as large as it is slow, and when it asks behind the last one,
 * nothing is on its way any more. Filled by the mailbox thread of the old owner, emptied by any.
 */
final class LateRecords implements Closeable {

    /** The answer behind the last batch. */
    static final byte[] END = new byte[0];

    private static final int BATCH_BYTES = 1 << 18;

    private record Batch(byte[] bytes, File file) {}

    private final int channels;
    private final long memoryBytes;
    private final File spillDirectory;
    private final Runnable ended;
    private final Set<InputChannelInfo> switched = new HashSet<>();
    private final Deque<Batch> full = new ArrayDeque<>();
    private DataOutputSerializer open = new DataOutputSerializer(1024);
    private CompletableFuture<byte[]> asked;
    private long bytesInMemory;
    private long records;
    private boolean closed;

    /**
     * @param channels how many channels will be switched
     * @param memoryBytes what may wait in memory; more goes to disk
     * @param ended is run, on any thread, when the new owner has processed everything
     */
    LateRecords(int channels, long memoryBytes, File spillDirectory, Runnable ended) {
        this.channels = channels;
        this.memoryBytes = memoryBytes;
        this.spillDirectory = spillDirectory;
        this.ended = ended;
    }

    /** Where late records of each leaving unit go. */
    static Map<Integer, LateRecords> byUnit(Map<Integer, LateRecords> byTaker, MigrationStep step) {
        return step.moves().stream()
                .filter(move -> byTaker.containsKey(move.to()))
                .collect(Collectors.toMap(Move::keyGroup, move -> byTaker.get(move.to())));
    }

    /** A record came late. */
    synchronized void add(int keyGroup, SetAsideRecords.RecordWriter record) throws IOException {
        LateBatch.writeRecord(open, keyGroup, record);
        records++;
        added();
    }

    /** No record of the channel comes late any more. */
    synchronized void switched(InputChannelInfo channel) throws IOException {
        if (switched.add(channel)) {
            LateBatch.writeSwitched(open, channel);
            added();
        }
    }

    /** How many records came late. */
    synchronized long records() {
        return records;
    }

    /** The next batch, as soon as there is one; {@link #END} when there is none any more. */
    synchronized CompletableFuture<byte[]> next() throws IOException {
        if (asked != null || closed) {
            throw new IllegalStateException("Late records are asked for twice, or too late");
        }
        CompletableFuture<byte[]> answer = new CompletableFuture<>();
        asked = answer;
        answer();
        return answer;
    }

    /** Nobody gets anything any more. */
    @Override
    public synchronized void close() {
        closed = true;
        if (asked != null) {
            asked.completeExceptionally(
                    new IllegalStateException("The task re-routes no records any more"));
            asked = null;
        }
        for (Batch batch : full) {
            if (batch.file() != null) {
                try {
                    Files.deleteIfExists(batch.file().toPath());
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
        full.clear();
    }

    private void added() throws IOException {
        if (closed) {
            takeOpen();
            return;
        }
        if (open.length() >= BATCH_BYTES) {
            full.add(filled(takeOpen()));
        }
        answer();
    }

    private Batch filled(byte[] bytes) throws IOException {
        if (bytesInMemory + bytes.length <= memoryBytes) {
            bytesInMemory += bytes.length;
            return new Batch(bytes, null);
        }
        File file = File.createTempFile("tern-late-", ".bin", spillDirectory);
        Files.write(file.toPath(), bytes);
        return new Batch(null, file);
    }

    private void answer() throws IOException {
        byte[] batch = asked == null ? null : poll();
        if (batch != null) {
            CompletableFuture<byte[]> answer = asked;
            asked = null;
            if (batch == END) {
                ended.run();
            }
            answer.complete(batch);
        }
    }

    private byte[] poll() throws IOException {
        if (!full.isEmpty()) {
            return opened(full.poll());
        }
        if (open.length() > 0) {
            return takeOpen();
        }
        return switched.size() == channels ? END : null;
    }

    private byte[] opened(Batch batch) throws IOException {
        if (batch.file() == null) {
            bytesInMemory -= batch.bytes().length;
            return batch.bytes();
        }
        byte[] bytes = Files.readAllBytes(batch.file().toPath());
        Files.delete(batch.file().toPath());
        return bytes;
    }

    private byte[] takeOpen() {
        byte[] batch = open.getCopyOfBuffer();
        open = new DataOutputSerializer(1024);
        return batch;
    }
}
