package dev.tern.streaming.state;

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
 * <p>The telling sign is {@link StreamOperator#prepareSnapshotPreBarrier}: an operator that
 * overrides it has something to flush before a snapshot (mini-batch bundles, window buffers,
 * Python). The others are known by name, since not all of them are on the class path.
 */
final class BufferingOperators {

    private static final Map<String, String> BY_CLASS =
            Map.of(
                    "org.apache.flink.streaming.api.operators.async.AsyncWaitOperator",
                    "keeps records that wait for an asynchronous result",
                    "org.apache.flink.streaming.api.operators.SourceOperator",
                    "is a source",
                    "org.apache.flink.streaming.api.operators.StreamSource",
                    "is a source",
                    "org.apache.flink.streaming.api.functions.source.ContinuousFileReaderOperator",
                    "keeps file splits that are still to be read",
                    "org.apache.flink.streaming.runtime.operators.GenericWriteAheadSink",
                    "is a write-ahead sink",
                    "org.apache.flink.streaming.runtime.operators.sink.GlobalCommitterOperator",
                    "is a global committer, which keeps what is still to be committed");

    private static final Set<String> SINKS =
            Set.of("org.apache.flink.streaming.runtime.operators.sink.SinkWriterOperator");

    private BufferingOperators() {}

    /** Class names that are looked for; all of them exist, or a new release has renamed one. */
    static Set<String> knownClasses() {
        return Stream.concat(BY_CLASS.keySet().stream(), SINKS.stream())
                .collect(Collectors.toSet());
    }

    /** What the operator holds, as the end of a sentence about it; empty if nothing is known. */
    static Optional<String> reason(StreamOperator<?> operator) {
        for (Class<?> type = operator.getClass(); type != null; type = type.getSuperclass()) {
            String reason = BY_CLASS.get(type.getName());
            if (reason != null) {
                return Optional.of(reason);
            }
        }
        if (operator instanceof InputSelectable) {
            return Optional.of("selects the input it reads from, and may hold back the other");
        }
        if (operator.getOperatorAttributes().isOutputOnlyAfterEndOfStream()) {
            return Optional.of("collects its whole input before it emits anything");
        }
        return flushesBeforeSnapshots(operator) && !isSink(operator)
                ? Optional.of(
                        "holds records outside of keyed state, which it flushes before each"
                                + " checkpoint (mini-batch, window buffer, Python)")
                : Optional.empty();
    }

    /** A sink writer: its buffer is bound for the outside, and stays with the subtask. */
    static boolean isSink(StreamOperator<?> operator) {
        return SINKS.contains(operator.getClass().getName());
    }

    private static boolean flushesBeforeSnapshots(StreamOperator<?> operator) {
        try {
            Class<?> declaring =
                    operator.getClass()
                            .getMethod("prepareSnapshotPreBarrier", long.class)
                            .getDeclaringClass();
            return declaring != AbstractStreamOperator.class
                    && declaring != AbstractStreamOperatorV2.class;
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException(
                    operator.getClass().getName() + " is no stream operator", e);
        }
    }
}
