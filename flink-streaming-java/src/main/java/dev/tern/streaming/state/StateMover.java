package dev.tern.streaming.state;

import org.apache.flink.runtime.state.CheckpointableKeyedStateBackend;

/**
 * Moves the keyed state of one kind of backend between subtasks. Found with {@link
 * java.util.ServiceLoader}; the built-in one is for the heap. Stateless.
 */
public interface StateMover {

    /** Name of the kind of backend, for messages. */
    String name();

    /** Whether this mover knows the backend. */
    boolean supports(CheckpointableKeyedStateBackend<?> backend);

    /**
     * Gives access to the state of one running operator.
     *
     * @param backend one that {@link #supports} accepts
     */
    MovableState open(CheckpointableKeyedStateBackend<?> backend);
}
