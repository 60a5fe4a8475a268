package dev.tern.streaming.retire;

import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.connector.sink2.CommittingSinkWriter;
import org.apache.flink.api.connector.sink2.SinkWriter;

import java.io.IOException;
import java.util.Collection;

/**
 * The writer of a sink that will get no further record. At every checkpoint it flushes as at the
 * end of its input, so that nothing stays behind in a buffer or an open file. Task mailbox thread.
 *
 * @param <T> type of the records
 * @param <C> type of the committables
 */
class SealedWriter<T, C> implements SinkWriter<T> {

    final SinkWriter<T> writer;

    private SealedWriter(SinkWriter<T> writer) {
        this.writer = writer;
    }

    /** Seals a writer; one that is sealed already stays as it is. */
    static <T> SinkWriter<T> seal(SinkWriter<T> writer) {
        if (writer instanceof SealedWriter) {
            return writer;
        }
        return writer instanceof CommittingSinkWriter
                ? new Committing<>(writer)
                : new SealedWriter<>(writer);
    }

    @Override
    public void write(T record, Context context) {
        throw new IllegalStateException(
                "A record reached the sink of a subtask that owns nothing any more: " + record);
    }

    @Override
    public void flush(boolean endOfInput) throws IOException, InterruptedException {
        writer.flush(true);
    }

    @Override
    public void writeWatermark(Watermark watermark) throws IOException, InterruptedException {
        writer.writeWatermark(watermark);
    }

    @Override
    public void close() throws Exception {
        writer.close();
    }

    private static final class Committing<T, C> extends SealedWriter<T, C>
            implements CommittingSinkWriter<T, C> {

        private Committing(SinkWriter<T> writer) {
            super(writer);
        }

        @Override
        @SuppressWarnings("unchecked")
        public Collection<C> prepareCommit() throws IOException, InterruptedException {
            return ((CommittingSinkWriter<T, C>) writer).prepareCommit();
        }
    }
}
