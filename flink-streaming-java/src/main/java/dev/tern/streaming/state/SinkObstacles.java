package dev.tern.streaming.state;

import dev.tern.rescale.request.Obstacle;
import dev.tern.rescale.request.Obstacle.Reason;

import org.apache.flink.api.connector.sink2.Sink;
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
    private static final String KAFKA_SINK = "org.apache.flink.connector.kafka.sink.KafkaSink";
    private static final String KAFKA_GUARANTEE = "deliveryGuarantee";
    private static final String KAFKA_EXACTLY_ONCE = "EXACTLY_ONCE";
    private static final String KAFKA_NAMING = "transactionNamingStrategy";
    private static final String KAFKA_POOLING = "POOLING";

    private SinkObstacles() {}

    /** Why the writer's number must not change, as the end of a sentence about its operator. */
    static Optional<Reason> reason(SinkWriter<?> writer) {
        return pooling(has(writer, KAFKA, KAFKA_NAMING, KAFKA_POOLING));
    }

    /** The same of a sink whose writers are yet to be made. */
    static Optional<Reason> reason(Sink<?> sink) {
        return pooling(
                has(sink, KAFKA_SINK, KAFKA_GUARANTEE, KAFKA_EXACTLY_ONCE)
                        && has(sink, KAFKA_SINK, KAFKA_NAMING, KAFKA_POOLING));
    }

    // Each writer remembers in its state at which parallelism it began, and a restore that gives one
    // writer the states of several refuses different numbers.
    private static Optional<Reason> pooling(boolean pooling) {
        return pooling
                ? Optional.of(Obstacle.POOLED_TRANSACTIONS.reason())
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
            Object value = field.get(object);
            return value instanceof Enum<?> constant ? constant.name() : String.valueOf(value);
        } catch (ReflectiveOperationException | RuntimeException e) {
            // A release of the connector that has no such field has no such strategy.
            return "";
        }
    }
}
