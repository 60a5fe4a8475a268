package dev.tern.streaming.retire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.connector.sink2.CommittingSinkWriter;
import org.apache.flink.api.connector.sink2.SinkWriter;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

class SealedWriterTest {

    private final List<String> calls = new ArrayList<>();

    @Test
    void everyFlushIsTheOneAtTheEnd() throws Exception {
        SinkWriter<String> sealed = SealedWriter.seal(new Plain());
        sealed.flush(false);
        sealed.flush(true);
        sealed.writeWatermark(new Watermark(7));
        sealed.close();
        assertThat(calls).containsExactly("flush true", "flush true", "watermark 7", "close");
    }

    @Test
    void aRecordIsADefectAndIsNotSwallowed() {
        SinkWriter<String> sealed = SealedWriter.seal(new Plain());
        assertThatThrownBy(() -> sealed.write("late", null)).hasMessageContaining("late");
        assertThat(calls).isEmpty();
    }

    @Test
    void aWriterThatCommitsStillDoes() throws Exception {
        assertThat(SealedWriter.seal(new Plain())).isNotInstanceOf(CommittingSinkWriter.class);
        SinkWriter<String> sealed = SealedWriter.seal(new Committing());
        assertThat(((CommittingSinkWriter<String, ?>) sealed).prepareCommit())
                .singleElement()
                .isEqualTo("transaction");
    }

    @Test
    void sealingTwiceIsSealing() {
        SinkWriter<String> sealed = SealedWriter.seal(new Plain());
        assertThat(SealedWriter.seal(sealed)).isSameAs(sealed);
    }

    private class Plain implements SinkWriter<String> {

        @Override
        public void write(String record, Context context) {
            calls.add("write " + record);
        }

        @Override
        public void flush(boolean endOfInput) throws IOException {
            calls.add("flush " + endOfInput);
        }

        @Override
        public void writeWatermark(Watermark watermark) {
            calls.add("watermark " + watermark.getTimestamp());
        }

        @Override
        public void close() {
            calls.add("close");
        }
    }

    private final class Committing extends Plain implements CommittingSinkWriter<String, String> {

        @Override
        public Collection<String> prepareCommit() {
            return List.of("transaction");
        }
    }
}
