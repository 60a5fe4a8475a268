package dev.tern.streaming.network;

import org.apache.flink.core.io.IOReadableWritable;
import org.apache.flink.runtime.io.network.api.writer.RecordWriter;
import org.apache.flink.runtime.plugable.SerializationDelegate;
import org.apache.flink.streaming.runtime.io.RecordWriterOutput;
import org.apache.flink.streaming.runtime.streamrecord.StreamElement;

import java.util.List;

/** Which subpartitions get the records of a broadcast output. Task mailbox thread. */
final class BroadcastEdge {

    private final RecordWriter<?> edgeWriter;
    private final List<RecordWriterOutput<?>> outputs;

    BroadcastEdge(RecordWriter<?> edgeWriter, List<RecordWriterOutput<?>> outputs) {
        this.edgeWriter = edgeWriter;
        this.outputs = outputs;
    }

    /** The edge's own writer, behind what may stand in for it. */
    static RecordWriter<? extends IOReadableWritable> edgeWriter(RecordWriterOutput<?> output) {
        return output.recordWriter instanceof SelectiveBroadcastWriter<?> selective
                ? selective.edgeWriter()
                : output.recordWriter;
    }

    /** How many subpartitions get records, of so many. */
    int receivers(int subpartitions) {
        for (RecordWriterOutput<?> output : outputs) {
            if (output.recordWriter instanceof SelectiveBroadcastWriter<?> selective) {
                return selective.receivers();
            }
        }
        return subpartitions;
    }

    /** Records go to the first subpartitions only. */
    @SuppressWarnings("unchecked")
    void sendToFirst(int receivers) {
        for (RecordWriterOutput<?> output : outputs) {
            if (output.recordWriter instanceof SelectiveBroadcastWriter<?> selective) {
                selective.setReceivers(receivers);
            } else {
                output.recordWriter =
                        new SelectiveBroadcastWriter<>(
                                (RecordWriter<SerializationDelegate<StreamElement>>) edgeWriter,
                                receivers);
            }
        }
    }

    /** Watermarks and the like go to the first subpartitions only. */
    void sendTimeToFirst(int subpartitions) {
        for (RecordWriterOutput<?> output : outputs) {
            output.recordWriter.numberOfSubpartitions = subpartitions;
        }
    }

    /** Everything goes everywhere again, as cheaply as the edge does it by itself. */
    @SuppressWarnings("unchecked")
    void sendToAll() {
        for (RecordWriterOutput<?> output : outputs) {
            output.recordWriter =
                    (RecordWriter<SerializationDelegate<StreamElement>>) edgeWriter;
        }
    }
}
