package dev.tern.rescale.coordinate;

import dev.tern.rescale.coordinate.SlotPlan.HeldSlot;

import org.apache.flink.runtime.clusterframework.types.AllocationID;
import org.apache.flink.runtime.scheduler.strategy.ExecutionVertexID;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The slots that may still take a subtask of one vertex. Each is taken once: one in which subtasks
 * of the same index run, or else one in which the fewest run; of equals, the first.
 */
final class OpenSlots {

    private final Map<Integer, Deque<HeldSlot>> byIndex = new HashMap<>();
    private final Deque<HeldSlot> fewestFirst;
    private final Set<AllocationID> taken = new HashSet<>();

    OpenSlots(List<HeldSlot> slots) {
        for (HeldSlot slot : slots) {
            for (ExecutionVertexID subtask : slot.subtasks()) {
                byIndex.computeIfAbsent(subtask.getSubtaskIndex(), ignored -> new ArrayDeque<>())
                        .add(slot);
            }
        }
        this.fewestFirst =
                new ArrayDeque<>(
                        slots.stream()
                                .sorted(Comparator.comparingInt(slot -> slot.subtasks().size()))
                                .toList());
    }

    /** The best slot for the subtask of this index; it is not open any more. */
    Optional<HeldSlot> take(int index) {
        Optional<HeldSlot> beside = next(byIndex.getOrDefault(index, new ArrayDeque<>()));
        return beside.isPresent() ? beside : next(fewestFirst);
    }

    private Optional<HeldSlot> next(Deque<HeldSlot> slots) {
        while (!slots.isEmpty()) {
            HeldSlot slot = slots.remove();
            if (taken.add(slot.allocation())) {
                return Optional.of(slot);
            }
        }
        return Optional.empty();
    }
}
