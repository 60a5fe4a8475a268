package dev.tern.examples.sink;

import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;

import java.nio.charset.StandardCharsets;

/** Results in a Kafka topic: one text a result, in transactions that end with checkpoints. */
final class ResultTopic {

    /** Shorter than the longest that brokers allow by default. */
    private static final String TRANSACTION_TIMEOUT_MILLIS = "600000";

    private ResultTopic() {}

    static <T extends Result> KafkaSink<T> sink(String job, String servers, String topic) {
        return KafkaSink.<T>builder()
                .setBootstrapServers(servers)
                .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
                .setTransactionalIdPrefix(job + "-" + topic)
                .setProperty("transaction.timeout.ms", TRANSACTION_TIMEOUT_MILLIS)
                .setRecordSerializer(
                        KafkaRecordSerializationSchema.<T>builder()
                                .setTopic(topic)
                                .setValueSerializationSchema(new Text<T>())
                                .build())
                .build();
    }

    /** A class, because the connector asks for the type. */
    private static final class Text<T extends Result> implements SerializationSchema<T> {

        private static final long serialVersionUID = 1L;

        @Override
        public byte[] serialize(T result) {
            return result.text().getBytes(StandardCharsets.UTF_8);
        }
    }
}
