package dev.tern.examples;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.flink.api.common.serialization.SimpleStringSchema;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.sink.TransactionNamingStrategy;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

import dev.tern.client.check.JarCheck;
import dev.tern.client.check.JarCheckArguments;
import dev.tern.client.check.JarReport;
import dev.tern.rescale.request.CheckReport.VertexCheck;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** The connector that {@code flink rescale --check} knows by the names of its fields has them. */
class KafkaSinkCheckTest {

    @TempDir private Path directory;

    @Test
    void pooledTransactionsAreSeenBeforeTheJobRuns() throws Exception {
        assertThat(check(DeliveryGuarantee.EXACTLY_ONCE, TransactionNamingStrategy.POOLING))
                .singleElement()
                .asString()
                .startsWith("KafkaSinkCheckTest.java:")
                .contains(".sinkTo(...): Operator", "TransactionNamingStrategy.POOLING");
        assertThat(check(DeliveryGuarantee.EXACTLY_ONCE, TransactionNamingStrategy.INCREMENTING))
                .isEmpty();
        assertThat(check(DeliveryGuarantee.AT_LEAST_ONCE, TransactionNamingStrategy.POOLING))
                .isEmpty();
    }

    private List<String> check(DeliveryGuarantee guarantee, TransactionNamingStrategy naming)
            throws Exception {
        Path jar = directory.resolve("job.jar");
        try (OutputStream file = Files.newOutputStream(jar)) {
            new JarOutputStream(file, new Manifest()).close();
        }
        JarReport report =
                JarCheck.of(
                        new JarCheckArguments(
                                jar,
                                ToTopic.class.getName(),
                                List.of(
                                        ToTopic.class
                                                .getProtectionDomain()
                                                .getCodeSource()
                                                .getLocation()),
                                2,
                                List.of(guarantee.name(), naming.name())),
                        new Configuration());
        VertexCheck keyed = report.vertices().get(1).check();
        assertThat(keyed.vertexName()).startsWith("KEYED");
        return keyed.more().reasons();
    }

    /** The program. */
    public static final class ToTopic {

        private ToTopic() {}

        public static void main(String[] args) throws Exception {
            StreamExecutionEnvironment env =
                    StreamExecutionEnvironment.getExecutionEnvironment();
            env.fromSequence(1, 9)
                    .keyBy(number -> number % 2)
                    .map(String::valueOf)
                    .name("KEYED")
                    .sinkTo(
                            KafkaSink.<String>builder()
                                    .setBootstrapServers("localhost:1")
                                    .setRecordSerializer(
                                            KafkaRecordSerializationSchema.builder()
                                                    .setTopic("topic")
                                                    .setValueSerializationSchema(
                                                            new SimpleStringSchema())
                                                    .build())
                                    .setDeliveryGuarantee(DeliveryGuarantee.valueOf(args[0]))
                                    .setTransactionalIdPrefix("check")
                                    .setTransactionNamingStrategy(
                                            TransactionNamingStrategy.valueOf(args[1]))
                                    .build());
            env.execute("to topic");
        }
    }
}
