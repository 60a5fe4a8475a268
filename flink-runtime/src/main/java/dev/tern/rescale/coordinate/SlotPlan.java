package dev.tern.rescale.coordinate;

import org.apache.flink.runtime.clusterframework.types.AllocationID;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Where new subtasks go: into a slot the job holds already, or into a free one.
 *
 * <p>Mirrors what Flink's slot sharing proposes at a restart (subtask i beside subtask i), so that
 * a later restart leads to the same layout.
 */
public final class SlotPlan {

    /**
     * A slot the job holds for the slot sharing group of the vertex.
     *
     * @param subtaskIndices subtask indices of all vertices that run in it
     * @param runsVertex whether a subtask of the vertex runs in it
     */
    public record HeldSlot(
            AllocationID allocation, List<Integer> subtaskIndices, boolean runsVertex) {}

    /**
     * Where one new subtask goes.
     *
     * @param held whether the job holds the slot already
     */
    public record Target(AllocationID allocation, boolean held) {}

    private SlotPlan() {}

    /**
     * @param held slots of the slot sharing group
     * @param free slots nobody uses, in order of preference
     * @return a target for each new subtask, from the lower index on; empty when slots are missing
     */
    public static Optional<List<Target>> of(
            int from, int to, List<HeldSlot> held, List<AllocationID> free) {
        Map<Integer, HeldSlot> candidates = new TreeMap<>();
        for (int i = 0; i < held.size(); i++) {
            if (!held.get(i).runsVertex()) {
                candidates.put(i, held.get(i));
            }
        }
        Iterator<AllocationID> unused = free.iterator();
        List<Target> targets = new ArrayList<>();
        for (int subtask = from; subtask < to; subtask++) {
            Optional<Map.Entry<Integer, HeldSlot>> best = best(candidates, subtask);
            if (best.isPresent()) {
                targets.add(new Target(best.get().getValue().allocation(), true));
                candidates.remove(best.get().getKey());
            } else if (unused.hasNext()) {
                targets.add(new Target(unused.next(), false));
            } else {
                return Optional.empty();
            }
        }
        return Optional.of(targets);
    }

    /** How many slots a vertex needs on top of those held, whether or not they are there. */
    public static int furtherSlots(int from, int to, List<HeldSlot> held) {
        int open = (int) held.stream().filter(slot -> !slot.runsVertex()).count();
        return Math.max(0, to - from - open);
    }

    private static Optional<Map.Entry<Integer, HeldSlot>> best(
            Map<Integer, HeldSlot> candidates, int subtask) {
        return candidates.entrySet().stream()
                .min(
                        Comparator.comparingInt(
                                entry ->
                                        entry.getValue().subtaskIndices().contains(subtask)
                                                ? -1
                                                : entry.getValue().subtaskIndices().size()));
    }
}
