package dev.tern.streaming.network;

import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.core.io.IOReadableWritable;
import org.apache.flink.runtime.io.network.api.writer.RecordWriter;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Stands in for the writer of a broadcast edge while consumers come or go: records reach the first
 * so many subpartitions, one by one, and not the others. A new consumer must not see records that
 * belong before its broadcast state, and one that is about to end none that come after it.
 *
 * <p>Task mailbox thread.
 *
 * @param <T> type of what is written
 */
final class SelectiveBroadcastWriter<T extends IOReadableWritable> extends RecordWriter<T> {

    private final RecordWriter<T> edgeWriter;
    private int receivers;

    /**
     * @param edgeWriter the edge's own writer, of the same partition; closed with this one
     * @param receivers how many subpartitions get records
     */
    SelectiveBroadcastWriter(RecordWriter<T> edgeWriter, int receivers) {
        super(
                edgeWriter.targetPartition,
                edgeWriter.flushAlways
                        ? ExecutionOptions.FLUSH_AFTER_EVERY_RECORD
                        : ExecutionOptions.DISABLED_NETWORK_BUFFER_TIMEOUT,
                null);
        this.edgeWriter = edgeWriter;
        this.receivers = receivers;
        this.numberOfSubpartitions = edgeWriter.numberOfSubpartitions;
    }

    RecordWriter<T> edgeWriter() {
        return edgeWriter;
    }

    int receivers() {
        return receivers;
    }

    void setReceivers(int subpartitions) {
        receivers = subpartitions;
    }

    @Override
    public void emit(T record) throws IOException {
        emitToFirst(receivers, record);
    }

    /** For what every subtask gets, whatever the edge: watermarks and the like. */
    @Override
    public void broadcastEmit(T record) throws IOException {
        emitToFirst(numberOfSubpartitions, record);
    }

    private void emitToFirst(int subpartitions, T record) throws IOException {
        ByteBuffer bytes = serializeRecord(serializer, record);
        for (int subpartition = 0; subpartition < subpartitions; subpartition++) {
            emit(bytes.duplicate(), subpartition);
        }
    }

    @Override
    public void close() {
        edgeWriter.close();
    }
}
