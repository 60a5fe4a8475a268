package dev.tern.examples.keycount;

import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;

import java.nio.charset.StandardCharsets;

/** Counted words in a Kafka topic: one text a word, in transactions that end with checkpoints. */
public final class CountedTopic {

    /** Shorter than the longest that brokers allow by default. */
    private static final String TRANSACTION_TIMEOUT_MILLIS = "600000";

    private CountedTopic() {}

    public static KafkaSink<CountedWord> sink(String servers, String topic) {
        return KafkaSink.<CountedWord>builder()
                .setBootstrapServers(servers)
                .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
                .setTransactionalIdPrefix("key-count-" + topic)
                .setProperty("transaction.timeout.ms", TRANSACTION_TIMEOUT_MILLIS)
                .setRecordSerializer(
                        KafkaRecordSerializationSchema.<CountedWord>builder()
                                .setTopic(topic)
                                .setValueSerializationSchema(new Text())
                                .build())
                .build();
    }

    /** A class, because the connector asks for the type. */
    private static final class Text implements SerializationSchema<CountedWord> {

        private static final long serialVersionUID = 1L;

        @Override
        public byte[] serialize(CountedWord counted) {
            return counted.text().getBytes(StandardCharsets.UTF_8);
        }
    }
}
