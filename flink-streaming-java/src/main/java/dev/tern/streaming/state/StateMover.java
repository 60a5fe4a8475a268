package dev.tern.streaming.state;

import org.apache.flink.runtime.state.CheckpointableKeyedStateBackend;
import org.apache.flink.runtime.state.KeyGroupedInternalPriorityQueue;
import org.apache.flink.runtime.state.StateBackend;

import java.util.List;
import java.util.function.Supplier;

/**
 * Moves the keyed state of one kind of backend between subtasks. Found with {@link
 * java.util.ServiceLoader}; those of Flink's two backends are built in. Stateless.
 */
public interface StateMover {

    /** Name of the kind of backend, for messages. */
    String name();

    /** Whether this mover knows the backend. */
    boolean supports(CheckpointableKeyedStateBackend<?> backend);

    /** Whether this mover will know what such a backend makes for an operator. */
    boolean supports(StateBackend configured);

    /**
     * Gives access to the state of one running operator.
     *
     * @param backend one that {@link #supports} accepts
     * @param timers the timer queues that the operator uses at the time of the call
     */
    MovableState open(
            CheckpointableKeyedStateBackend<?> backend,
            Supplier<List<KeyGroupedInternalPriorityQueue<?>>> timers);
}
