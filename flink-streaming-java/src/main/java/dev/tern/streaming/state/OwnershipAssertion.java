package dev.tern.streaming.state;

import org.apache.flink.runtime.state.AbstractKeyedStateBackend;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.runtime.state.KeyedStateBackend.KeySelectionListener;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Throws when an operator selects a key of a key group that the subtask does not own, before any
 * state of it is touched. Until the first {@link #update} everything is allowed. Task mailbox
 * thread.
 */
public final class OwnershipAssertion implements AutoCloseable {

    private final int subtask;
    private final List<Runnable> removals = new ArrayList<>();
    private BitSet owned;
    private long epoch;

    private OwnershipAssertion(int subtask) {
        this.subtask = subtask;
    }

    static OwnershipAssertion on(List<KeyedOperator> operators, int subtask) {
        OwnershipAssertion assertion = new OwnershipAssertion(subtask);
        operators.forEach(operator -> assertion.listen(operator.name(), operator.backend()));
        return assertion;
    }

    private <K> void listen(String operator, AbstractKeyedStateBackend<K> backend) {
        KeySelectionListener<K> listener = key -> check(operator, key, backend);
        backend.registerKeySelectionListener(listener);
        removals.add(() -> backend.deregisterKeySelectionListener(listener));
    }

    /**
     * Changes what the subtask owns.
     *
     * @param epoch epoch of the ownership
     * @param owned key groups of this subtask; copied
     */
    public void update(long epoch, BitSet owned) {
        this.epoch = epoch;
        this.owned = (BitSet) owned.clone();
    }

    // The listener runs before the backend computes the key group, hence its own hash.
    private void check(String operator, Object key, AbstractKeyedStateBackend<?> backend) {
        if (owned == null) {
            return;
        }
        int keyGroup =
                KeyGroupRangeAssignment.assignToKeyGroup(key, backend.getNumberOfKeyGroups());
        if (!owned.get(keyGroup)) {
            throw new IllegalStateException(
                    "Key "
                            + key
                            + " of key group "
                            + keyGroup
                            + " was selected in operator "
                            + operator
                            + " of subtask "
                            + subtask
                            + ", which does not own it at epoch "
                            + epoch
                            + "; it owns "
                            + owned);
        }
    }

    /** Stops watching. */
    @Override
    public void close() {
        removals.forEach(Runnable::run);
        removals.clear();
    }
}
