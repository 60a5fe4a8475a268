package dev.tern.streaming.network;

import org.apache.flink.runtime.checkpoint.CheckpointException;
import org.apache.flink.runtime.checkpoint.channel.ChannelStateWriter;
import org.apache.flink.streaming.runtime.io.DataInputStatus;
import org.apache.flink.streaming.runtime.io.StreamTaskInput;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;

/**
 * An input whose end is kept back while units move: a task that ended with records set aside, or
 * before its units have been fetched, would lose them. What comes behind the last record, such as
 * the barriers of a checkpoint between two steps, is read as ever. Task mailbox thread.
 *
 * @param <T> type of the records
 */
public final class HeldInput<T> implements StreamTaskInput<T> {

    private final StreamTaskInput<T> input;
    private final CompletableFuture<Void> released = new CompletableFuture<>();
    private final Queue<DataInputStatus> ends = new ArrayDeque<>();
    private boolean exhausted;

    HeldInput(StreamTaskInput<T> input) {
        this.input = input;
    }

    /** The network input itself, behind what may stand before it. */
    public static <T> StreamTaskInput<T> behind(StreamTaskInput<T> input) {
        StreamTaskInput<T> behind = input;
        while (behind instanceof HeldInput<T> held) {
            behind = held.input;
        }
        return behind;
    }

    /** The end may be told from now on. */
    void release() {
        released.complete(null);
    }

    /** Whether an end has come and has not been told. */
    boolean hasEndToTell() {
        return !ends.isEmpty();
    }

    /** The input behind. */
    StreamTaskInput<T> input() {
        return input;
    }

    @Override
    public DataInputStatus emitNext(DataOutput<T> output) throws Exception {
        if (released.isDone() && hasEndToTell()) {
            return ends.remove();
        }
        if (exhausted) {
            return DataInputStatus.NOTHING_AVAILABLE;
        }
        DataInputStatus status = input.emitNext(output);
        if (!isEnd(status)) {
            return status;
        }
        exhausted = status == DataInputStatus.END_OF_INPUT;
        ends.add(status);
        return released.isDone() ? ends.remove() : DataInputStatus.NOTHING_AVAILABLE;
    }

    private static boolean isEnd(DataInputStatus status) {
        return status == DataInputStatus.END_OF_DATA
                || status == DataInputStatus.STOPPED
                || status == DataInputStatus.END_OF_INPUT;
    }

    @Override
    public CompletableFuture<?> getAvailableFuture() {
        if (!hasEndToTell()) {
            return input.getAvailableFuture();
        }
        if (exhausted || released.isDone()) {
            return released;
        }
        CompletableFuture<?> more = input.getAvailableFuture();
        return more.isDone() ? more : CompletableFuture.anyOf(released, more);
    }

    @Override
    public int getInputIndex() {
        return input.getInputIndex();
    }

    @Override
    public CompletableFuture<Void> prepareSnapshot(ChannelStateWriter writer, long checkpointId)
            throws CheckpointException {
        return input.prepareSnapshot(writer, checkpointId);
    }

    @Override
    public void close() throws IOException {
        input.close();
    }
}
