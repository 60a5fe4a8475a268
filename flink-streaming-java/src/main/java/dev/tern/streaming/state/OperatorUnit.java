package dev.tern.streaming.state;

/**
 * What one operator keeps for one key group, detached from its backend. Owned by whoever holds it;
 * handed from thread to thread, never shared.
 */
public interface OperatorUnit {

    /** Number of state entries, as far as it is known without reading them. */
    long entries();

    /** Number of timers, as far as it is known without reading them. */
    long timers();

    /** Lets go of what the unit holds of its old owner's; it is not read any more. Any thread. */
    default void close() {}
}
