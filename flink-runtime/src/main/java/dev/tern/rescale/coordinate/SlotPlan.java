package dev.tern.rescale.coordinate;

import org.apache.flink.runtime.clusterframework.types.AllocationID;
import org.apache.flink.runtime.instance.SlotSharingGroupId;
import org.apache.flink.runtime.jobgraph.JobVertexID;
import org.apache.flink.runtime.scheduler.strategy.ExecutionVertexID;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Where new subtasks go: into a slot the job holds already, into one that a new subtask of another
 * vertex takes, or into a free one.
 *
 * <p>Mirrors what Flink's slot sharing proposes at a restart (subtask i beside subtask i), so that
 * a later restart leads to the same layout.
 */
public final class SlotPlan {

    /** A vertex that grows. */
    public record Growing(JobVertexID vertex, SlotSharingGroupId group, int from, int to) {}

    /**
     * A slot the job holds.
     *
     * @param group the slot sharing group it is used for
     * @param subtasks what runs in it
     */
    public record HeldSlot(
            AllocationID allocation, SlotSharingGroupId group, List<ExecutionVertexID> subtasks) {

        public HeldSlot {
            subtasks = new ArrayList<>(subtasks);
        }

        private boolean runs(JobVertexID vertex) {
            return subtasks.stream().anyMatch(subtask -> subtask.getJobVertexId().equals(vertex));
        }
    }

    /**
     * Where one new subtask goes.
     *
     * @param held whether the job holds the slot already, or another new subtask has taken it before
     */
    public record Target(AllocationID allocation, boolean held) {}

    private final List<HeldSlot> held;
    private final Supplier<Optional<AllocationID>> unused;
    private final Map<ExecutionVertexID, Target> targets = new LinkedHashMap<>();

    private SlotPlan(List<HeldSlot> held, Supplier<Optional<AllocationID>> unused) {
        // Copies, since placed subtasks are entered into them.
        this.held =
                new ArrayList<>(
                        held.stream()
                                .map(s -> new HeldSlot(s.allocation(), s.group(), s.subtasks()))
                                .toList());
        this.unused = unused;
    }

    /**
     * @param held slots of the job
     * @param free slots nobody uses, in order of preference
     * @return a target for each new subtask, in the order in which they are to be taken; empty when
     *     slots are missing for any
     */
    public static Optional<Map<ExecutionVertexID, Target>> of(
            List<Growing> growing, List<HeldSlot> held, List<AllocationID> free) {
        Deque<AllocationID> rest = new ArrayDeque<>(free);
        SlotPlan plan = new SlotPlan(held, () -> Optional.ofNullable(rest.poll()));
        return plan.placeAll(growing) ? Optional.of(plan.targets) : Optional.empty();
    }

    /** How many slots vertices need on top of those held, whether or not they are there. */
    public static int furtherSlots(List<Growing> growing, List<HeldSlot> held) {
        Set<AllocationID> further = new HashSet<>();
        SlotPlan plan =
                new SlotPlan(
                        held,
                        () -> {
                            AllocationID imagined = new AllocationID();
                            further.add(imagined);
                            return Optional.of(imagined);
                        });
        plan.placeAll(growing);
        return further.size();
    }

    private boolean placeAll(List<Growing> growing) {
        return growing.stream().allMatch(this::place);
    }

    private boolean place(Growing vertex) {
        OpenSlots open =
                new OpenSlots(
                        held.stream()
                                .filter(slot -> slot.group().equals(vertex.group()))
                                .filter(slot -> !slot.runs(vertex.vertex()))
                                .toList());
        for (int subtask = vertex.from(); subtask < vertex.to(); subtask++) {
            ExecutionVertexID id = new ExecutionVertexID(vertex.vertex(), subtask);
            Optional<HeldSlot> slot = open.take(subtask);
            boolean shared = slot.isPresent();
            if (!shared) {
                slot = fresh(vertex.group());
            }
            if (slot.isEmpty()) {
                return false;
            }
            slot.get().subtasks().add(id);
            targets.put(id, new Target(slot.get().allocation(), shared));
        }
        return true;
    }

    private Optional<HeldSlot> fresh(SlotSharingGroupId group) {
        Optional<HeldSlot> fresh =
                unused.get().map(allocation -> new HeldSlot(allocation, group, List.of()));
        fresh.ifPresent(held::add);
        return fresh;
    }
}
