package dev.tern.streaming.state;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.flink.api.connector.sink2.SinkWriter;

import org.junit.jupiter.api.Test;

class SinkObstaclesTest {

    private enum Naming {
        INCREMENTING,
        POOLING
    }

    @Test
    void aSettingIsReadByTheNameOfItsField() {
        String type = Writer.class.getName();
        Writer pooling = new Writer(Naming.POOLING);
        assertThat(SinkObstacles.has(pooling, type, "naming", "POOLING")).isTrue();
        assertThat(SinkObstacles.has(pooling, "other." + type, "naming", "POOLING")).isFalse();
        // As in a release of the connector that has no such setting.
        assertThat(SinkObstacles.has(pooling, type, "other", "POOLING")).isFalse();
        Writer incrementing = new Writer(Naming.INCREMENTING);
        assertThat(SinkObstacles.has(incrementing, type, "naming", "POOLING")).isFalse();
        assertThat(SinkObstacles.has(new Writer(null), type, "naming", "POOLING")).isFalse();
    }

    @Test
    void nothingIsKnownAgainstOthers() {
        assertThat(SinkObstacles.reason(new Writer(Naming.POOLING))).isEmpty();
    }

    private static final class Writer implements SinkWriter<String> {

        private final Naming naming;

        private Writer(Naming naming) {
            this.naming = naming;
        }

        @Override
        public void write(String record, Context context) {}

        @Override
        public void flush(boolean endOfInput) {}

        @Override
        public void close() {}
    }
}
