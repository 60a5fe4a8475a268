package dev.tern.streaming.state;

import dev.tern.rescale.request.Obstacle;
import dev.tern.rescale.request.Obstacle.Reason;

import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.AbstractStreamOperatorV2;
import org.apache.flink.streaming.api.operators.InputSelectable;
import org.apache.flink.streaming.api.operators.StreamOperator;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Recognises operators that hold records, or results, outside of keyed state. What they hold for a
 * key group would stay behind when it moves.
 *
 * <p>An operator that overrides {@link StreamOperator#prepareSnapshotPreBarrier} can be asked to
 * empty itself (mini-batch bundles, window buffers, asynchronous state requests), see {@link
 * PendingWork}. The others are known by name, since not all of them are on the class path.
 */
final class BufferingOperators {

    private static final Map<String, Obstacle> BY_CLASS =
            Map.of(
                    "org.apache.flink.streaming.api.operators.async.AsyncWaitOperator",
                    Obstacle.ASYNCHRONOUS_WAIT,
                    "org.apache.flink.table.runtime.operators.TableKeyedAsyncWaitOperator",
                    Obstacle.ASYNCHRONOUS_WAIT,
                    "org.apache.flink.table.runtime.operators.join.deltajoin"
                            + ".StreamingDeltaJoinOperator",
                    Obstacle.ASYNCHRONOUS_WAIT,
                    "org.apache.flink.streaming.api.operators.SourceOperator",
                    Obstacle.SOURCE,
                    "org.apache.flink.streaming.api.operators.StreamSource",
                    Obstacle.SOURCE,
                    "org.apache.flink.streaming.api.functions.source.ContinuousFileReaderOperator",
                    Obstacle.FILE_SPLITS,
                    "org.apache.flink.streaming.runtime.operators.GenericWriteAheadSink",
                    Obstacle.WRITE_AHEAD_SINK,
                    "org.apache.flink.streaming.runtime.operators.sink.GlobalCommitterOperator",
                    Obstacle.GLOBAL_COMMITTER);

    /** Python operators: their state is cached in a process of its own. */
    private static final Set<String> PYTHON =
            Set.of(
                    "org.apache.flink.streaming.api.operators.python.",
                    "org.apache.flink.table.runtime.operators.python.");

    private static final String FLINK = "org.apache.flink.";

    private static final Set<String> SINKS =
            Set.of("org.apache.flink.streaming.runtime.operators.sink.SinkWriterOperator");

    private BufferingOperators() {}

    /** Class names that are looked for; all of them exist, or a new release has renamed one. */
    static Set<String> knownClasses() {
        return Stream.concat(BY_CLASS.keySet().stream(), SINKS.stream())
                .collect(Collectors.toSet());
    }

    /**
     * What the operator holds and cannot give away, as the end of a sentence about it; empty if
     * nothing is known.
     *
     * @param retiring whether its subtask would be gone afterwards
     */
    static Optional<Reason> reason(OperatorTraits operator, boolean retiring) {
        for (Class<?> type = operator.type(); type != null; type = type.getSuperclass()) {
            String name = type.getName();
            if (BY_CLASS.containsKey(name)) {
                return Optional.of(BY_CLASS.get(name).reason());
            }
            if (PYTHON.stream().anyMatch(name::startsWith)) {
                return Optional.of(Obstacle.PYTHON.reason());
            }
        }
        if (operator.is(InputSelectable.class)) {
            return Optional.of(Obstacle.INPUT_SELECTION.reason());
        }
        if (operator.emitsAtEnd()) {
            return Optional.of(Obstacle.EMITS_AT_END.reason());
        }
        // What a stranger emits before a barrier may bear the number of the checkpoint.
        boolean strange =
                !operator.keyed()
                        && retiring
                        && !isSink(operator.type())
                        && flushesDeclaredBy(operator.type())
                                .filter(type -> !type.getName().startsWith(FLINK))
                                .isPresent();
        return strange
                ? Optional.of(Obstacle.HOLDS_UNTIL_CHECKPOINT.reason())
                : Optional.empty();
    }

    /** A sink writer: its buffer is bound for the outside, and stays with the subtask. */
    private static boolean isSink(Class<?> operator) {
        return SINKS.contains(operator.getName());
    }

    /** Whether the operator can be asked to empty itself. */
    static boolean canFlush(StreamOperator<?> operator) {
        return !isSink(operator.getClass())
                && flushesDeclaredBy(operator.getClass()).isPresent();
    }

    private static Optional<Class<?>> flushesDeclaredBy(Class<?> operator) {
        try {
            Class<?> declaring =
                    operator.getMethod("prepareSnapshotPreBarrier", long.class)
                            .getDeclaringClass();
            return declaring == AbstractStreamOperator.class
                            || declaring == AbstractStreamOperatorV2.class
                    ? Optional.empty()
                    : Optional.of(declaring);
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException(operator.getName() + " is no stream operator", e);
        }
    }
}
