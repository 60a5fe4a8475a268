package dev.tern.streaming.state;

import org.apache.flink.runtime.jobgraph.OperatorID;

import java.util.Map;

/**
 * A unit that belongs to no subtask: it left its old owner and has not reached the new one. Whoever
 * holds it owns it; handing it to another thread needs a happens-before edge, nothing more.
 *
 * @param keyGroup the key group
 * @param operators what each keyed operator of the chain keeps for it; operators with nothing are
 *     left out
 * @param userClassLoader class loader of the objects inside; by reference a unit moves only between
 *     tasks that share it
 */
public record DetachedUnit(
        int keyGroup, Map<OperatorID, OperatorUnit> operators, ClassLoader userClassLoader) {

    public DetachedUnit {
        operators = Map.copyOf(operators);
    }

    /** Number of state entries of all operators. */
    public long entries() {
        return operators.values().stream().mapToLong(OperatorUnit::entries).sum();
    }

    /** Number of timers of all operators. */
    public long timers() {
        return operators.values().stream().mapToLong(OperatorUnit::timers).sum();
    }

    /** Whether there is nothing to move but the right to the key group. */
    public boolean isEmpty() {
        return operators.isEmpty();
    }

    /** The unit has been written, or is not wanted any more. */
    public void close() {
        operators.values().forEach(OperatorUnit::close);
    }

    @Override
    public String toString() {
        return "unit "
                + keyGroup
                + " ("
                + entries()
                + " entries, "
                + timers()
                + " timers of "
                + operators.size()
                + " operators)";
    }
}
