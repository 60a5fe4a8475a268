package dev.tern.rescale.plan;

import java.util.List;
import java.util.Map;

/**
 * Decides which moves share a step, and the order of the steps.
 *
 * <p>Pure. Found through {@link java.util.ServiceLoader}, chosen by a strategy. Runs in the
 * JobMaster main thread.
 */
public interface MigrationScheduler {

    /** The name strategies refer to. */
    String name();

    /**
     * Splits the moves into the batches that are executed one after the other.
     *
     * @param moves all moves of the plan
     * @param keyGroupBytes estimated serialized size of the key groups; one that is missing is empty
     */
    List<List<Move>> schedule(List<Move> moves, Map<Integer, Long> keyGroupBytes);
}
