package dev.tern.experiments.kafka;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Sends lines to a topic at a steady rate, from a thread of its own, each exactly once. */
public final class TextProducer implements AutoCloseable {

    private static final int TICK_MILLIS = 10;

    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private final KafkaProducer<String, String> producer;
    private final String topic;
    private final List<String> lines;
    private final int linesPerTick;
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private int next;

    /**
     * Prepares a producer.
     *
     * @param linesPerSecond a multiple of 100
     */
    public TextProducer(
            KafkaBroker broker, String topic, List<String> lines, int linesPerSecond) {
        this.producer =
                new KafkaProducer<>(
                        Map.of(
                                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                                broker.bootstrapServers(),
                                ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                                "true",
                                ProducerConfig.ACKS_CONFIG,
                                "all"),
                        new StringSerializer(),
                        new StringSerializer());
        this.topic = topic;
        this.lines = List.copyOf(lines);
        this.linesPerTick = linesPerSecond * TICK_MILLIS / 1000;
    }

    /** Begins to send. */
    public void start() {
        clock.scheduleAtFixedRate(this::tick, 0, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Waits until every line is acknowledged; fails if one is not. */
    public void awaitEnd(long seconds) throws Exception {
        done.get(seconds, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        clock.shutdownNow();
        producer.close();
    }

    private void tick() {
        int end = Math.min(lines.size(), next + linesPerTick);
        while (next < end) {
            producer.send(
                    new ProducerRecord<>(topic, lines.get(next++)),
                    (metadata, failure) -> {
                        if (failure != null) {
                            done.completeExceptionally(failure);
                        }
                    });
        }
        if (next == lines.size() && !done.isDone()) {
            producer.flush();
            done.complete(null);
        }
    }
}
