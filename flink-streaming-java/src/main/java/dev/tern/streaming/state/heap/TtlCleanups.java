package dev.tern.streaming.state.heap;

import org.apache.flink.runtime.state.AbstractKeyedStateBackend;
import org.apache.flink.runtime.state.internal.InternalKvState;
import org.apache.flink.runtime.state.metrics.AbstractMetricsTrackState;
import org.apache.flink.runtime.state.ttl.AbstractTtlState;
import org.apache.flink.runtime.state.ttl.TtlIncrementalCleanup;

import java.lang.reflect.Field;
import java.util.Optional;

/**
 * States with a time to live are cleaned up bit by bit; the clean-up remembers a position inside a
 * map, and an index into the array of maps. Once key groups have moved, both are wrong: it would
 * walk a map that left, and write what it finds there into another key group. So it starts over
 * after each change.
 */
final class TtlCleanups {

    private TtlCleanups() {}

    /** Names a state whose clean-up cannot be restarted, if there is one. */
    static Optional<String> unreachable(AbstractKeyedStateBackend<?> backend) {
        return backend.keyValueStatesByName.entrySet().stream()
                .filter(state -> isUnreachable(state.getValue()))
                .map(state -> state.getKey())
                .findFirst();
    }

    private static boolean isUnreachable(InternalKvState<?, ?, ?> state) {
        return unwrap(state) instanceof AbstractTtlState<?, ?, ?, ?, ?> ttl
                && ttl.config.getCleanupStrategies().getIncrementalCleanupStrategy() != null
                && cleanupOf(ttl).isEmpty();
    }

    static void restart(AbstractKeyedStateBackend<?> backend) {
        for (InternalKvState<?, ?, ?> state : backend.keyValueStatesByName.values()) {
            if (unwrap(state) instanceof AbstractTtlState<?, ?, ?, ?, ?> ttl) {
                cleanupOf(ttl).ifPresent(cleanup -> cleanup.stateIterator = null);
            }
        }
    }

    private static Object unwrap(InternalKvState<?, ?, ?> state) {
        return state instanceof AbstractMetricsTrackState<?, ?, ?, ?, ?> tracked
                ? tracked.original
                : state;
    }

    // The clean-up is only held by the method reference that the state calls on each access.
    private static Optional<TtlIncrementalCleanup<?, ?, ?>> cleanupOf(
            AbstractTtlState<?, ?, ?, ?, ?> state) {
        try {
            for (Field captured : state.accessCallback.getClass().getDeclaredFields()) {
                captured.setAccessible(true);
                if (captured.get(state.accessCallback)
                        instanceof TtlIncrementalCleanup<?, ?, ?> it) {
                    return Optional.of(it);
                }
            }
            return Optional.empty();
        } catch (ReflectiveOperationException | RuntimeException e) {
            return Optional.empty();
        }
    }
}
