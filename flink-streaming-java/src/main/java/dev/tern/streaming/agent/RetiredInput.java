package dev.tern.streaming.agent;

import org.apache.flink.runtime.checkpoint.CheckpointException;
import org.apache.flink.runtime.checkpoint.channel.ChannelStateWriter;
import org.apache.flink.streaming.runtime.io.DataInputStatus;
import org.apache.flink.streaming.runtime.io.StreamInputProcessor;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/** The input of a subtask that owns nothing any more: it is over. Task mailbox thread. */
final class RetiredInput implements StreamInputProcessor {

    private final StreamInputProcessor retired;

    RetiredInput(StreamInputProcessor retired) {
        this.retired = retired;
    }

    @Override
    public DataInputStatus processInput() {
        return DataInputStatus.END_OF_INPUT;
    }

    @Override
    public CompletableFuture<?> getAvailableFuture() {
        return AVAILABLE;
    }

    @Override
    public CompletableFuture<Void> prepareSnapshot(ChannelStateWriter writer, long checkpointId)
            throws CheckpointException {
        return retired.prepareSnapshot(writer, checkpointId);
    }

    @Override
    public void close() throws IOException {
        retired.close();
    }
}
