package dev.tern.streaming.handover;

import org.apache.flink.runtime.checkpoint.CheckpointException;
import org.apache.flink.runtime.checkpoint.channel.ChannelStateWriter;
import org.apache.flink.streaming.runtime.io.DataInputStatus;
import org.apache.flink.streaming.runtime.io.StreamTaskInput;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/**
 * An input whose end is kept back while units move: a task that ended with records set aside, or
 * before its units have been fetched, would lose them. Task mailbox thread.
 *
 * @param <T> type of the records
 */
final class HeldInput<T> implements StreamTaskInput<T> {

    private final StreamTaskInput<T> input;
    private final CompletableFuture<Void> released = new CompletableFuture<>();
    private DataInputStatus end;

    HeldInput(StreamTaskInput<T> input) {
        this.input = input;
    }

    /** The end may be told from now on. */
    void release() {
        released.complete(null);
    }

    /** Whether the end has come and has not been told. */
    boolean hasEndToTell() {
        return end != null;
    }

    /** The input behind. */
    StreamTaskInput<T> input() {
        return input;
    }

    @Override
    public DataInputStatus emitNext(DataOutput<T> output) throws Exception {
        if (end != null) {
            return released.isDone() ? tell() : DataInputStatus.NOTHING_AVAILABLE;
        }
        DataInputStatus status = input.emitNext(output);
        if (status != DataInputStatus.END_OF_DATA && status != DataInputStatus.END_OF_INPUT) {
            return status;
        }
        end = status;
        return released.isDone() ? tell() : DataInputStatus.NOTHING_AVAILABLE;
    }

    private DataInputStatus tell() {
        DataInputStatus told = end;
        end = null;
        return told;
    }

    @Override
    public CompletableFuture<?> getAvailableFuture() {
        return end != null ? released : input.getAvailableFuture();
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
