package dev.tern.examples;

import dev.tern.examples.keycount.KafkaLines;
import dev.tern.examples.keycount.Line;
import dev.tern.examples.keycount.ReplayedText;
import dev.tern.examples.measure.EpochMicros;
import dev.tern.examples.measure.Schedule;
import dev.tern.examples.parameters.ParameterException;
import dev.tern.examples.parameters.Parameters;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * Writes the lines of a text to a Kafka topic on a schedule, for KeyCount to read. The words keep
 * the ids they have in the text, so that losses show. A program of its own, not a job.
 */
public final class KafkaFeed {

    private KafkaFeed() {}

    static Parameters.Declaration declare() {
        return Parameters.of("KafkaFeed", "replays a text to a Kafka topic.")
                .text("topic", "test", "Kafka topic to write to; must exist.")
                .text("kafkaServers", "localhost:9092", "Bootstrap servers of Kafka.")
                .text("wordFile", null, "Text to replay; may be .gz.")
                .whole("repeat", 1, 0, "How many times to replay the text; 0 for no end.")
                .decimal("rate", 10_000, 0.001, "Words per second.")
                .text("latencyDir", null, "Directory for the schedule, beside the arrival log.");
    }

    public static void main(String[] args) throws Exception {
        Parameters.Declaration declaration = declare();
        if (declaration.asksForHelp(args)) {
            System.out.print(declaration.help());
            return;
        }
        try {
            System.out.println("Wrote " + feed(declaration.parse(args)) + " words.");
        } catch (ParameterException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    /** Writes what the parameters ask for, and returns the number of words. */
    static long feed(Parameters parameters) throws Exception {
        if (!parameters.isGiven("wordFile")) {
            throw Parameters.refused("The feed needs --wordFile.");
        }
        ReplayedText text =
                new ReplayedText(parameters.text("wordFile"), parameters.whole("repeat"));
        text.open();
        Schedule schedule = Schedule.steady(EpochMicros.now(), parameters.decimal("rate"));
        if (parameters.isGiven("latencyDir")) {
            schedule.writeTo(Path.of(parameters.text("latencyDir")));
        }
        Properties properties = new Properties();
        properties.setProperty(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, parameters.text("kafkaServers"));
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(
                        properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            return write(text, schedule, producer, parameters.text("topic"));
        }
    }

    private static long write(
            ReplayedText text,
            Schedule schedule,
            KafkaProducer<byte[], byte[]> producer,
            String topic)
            throws IOException {
        int partitions = producer.partitionsFor(topic).size();
        AtomicReference<Exception> failure = new AtomicReference<>();
        for (long position = 0; position < text.positions(); position++) {
            long due = schedule.scheduledMicros(text.firstRecord(position));
            awaitTime(due);
            int partition = (int) (position % partitions);
            Line line = text.at(position, due, partition);
            producer.send(
                    new ProducerRecord<>(topic, partition, null, KafkaLines.message(line)),
                    (metadata, error) -> failure.compareAndSet(null, error));
            if (failure.get() != null) {
                break;
            }
        }
        producer.flush();
        if (failure.get() != null) {
            throw new IOException("Kafka topic " + topic + " refused a line.", failure.get());
        }
        return text.firstRecord(text.positions());
    }

    private static void awaitTime(long micros) {
        for (long left = micros - EpochMicros.now(); left > 0; left = micros - EpochMicros.now()) {
            LockSupport.parkNanos(left * 1000);
        }
    }
}
