package dev.tern.streaming.state;

/**
 * What one operator keeps for one key group, detached from its backend. Owned by whoever holds it;
 * handed from thread to thread, never shared.
 */
public interface OperatorUnit {

    /** Number of state entries. */
    long entries();

    /** Number of timers. */
    long timers();
}
