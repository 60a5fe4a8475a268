package dev.tern.streaming.state;

import org.apache.flink.api.connector.sink2.SinkWriter;

import java.lang.reflect.Field;
import java.util.Optional;

/**
 * Sinks that are known not to stand a change of their number while they run. By name: they are
 * connectors, which are not on our class path. Stateless.
 */
final class SinkObstacles {

    private static final String KAFKA =
            "org.apache.flink.connector.kafka.sink.ExactlyOnceKafkaWriter";
    private static final String KAFKA_NAMING = "transactionNamingStrategy";
    private static final String KAFKA_POOLING = "POOLING";

    private SinkObstacles() {}

    /** Why the writer's number must not change, as the end of a sentence about its operator. */
    static Optional<String> reason(SinkWriter<?> writer) {
        // Each writer remembers in its state at which parallelism it began, and a restore that gives
        // one writer the states of several refuses different numbers.
        return has(writer, KAFKA, KAFKA_NAMING, KAFKA_POOLING)
                ? Optional.of(
                        "is a KafkaSink with TransactionNamingStrategy.POOLING, whose writers must"
                                + " all begin at the same parallelism (INCREMENTING, the default, can"
                                + " be rescaled)")
                : Optional.empty();
    }

    /** Whether an object of this type, by name, has a field that shows this value. */
    static boolean has(Object object, String type, String field, String value) {
        return type.equals(object.getClass().getName()) && value.equals(value(object, field));
    }

    private static String value(Object object, String name) {
        try {
            Field field = object.getClass().getDeclaredField(name);
            field.setAccessible(true);
            return String.valueOf(field.get(object));
        } catch (ReflectiveOperationException | RuntimeException e) {
            // A release of the connector that has no such field has no such strategy.
            return "";
        }
    }
}
