package dev.tern.rescale.coordinate;

import org.apache.flink.runtime.clusterframework.types.AllocationID;
import org.apache.flink.runtime.executiongraph.ExecutionGraph;
import org.apache.flink.runtime.executiongraph.ExecutionJobVertex;
import org.apache.flink.runtime.executiongraph.ExecutionVertex;
import org.apache.flink.runtime.instance.SlotSharingGroupId;
import org.apache.flink.runtime.jobmaster.LogicalSlot;
import org.apache.flink.runtime.jobmaster.slotpool.DeclarativeSlotPool;
import org.apache.flink.runtime.jobmaster.slotpool.PhysicalSlot;
import org.apache.flink.runtime.jobmaster.slotpool.SingleLogicalSlot;
import org.apache.flink.runtime.scheduler.adaptive.allocator.SharedSlot;
import org.apache.flink.runtime.scheduler.adaptive.allocator.SlotSharingSlotAllocator;
import org.apache.flink.runtime.scheduler.strategy.ExecutionVertexID;
import org.apache.flink.util.FlinkException;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The slots of a job as the rescale sees them: plans, takes and gives back. JobMaster main thread. */
public final class JobSlots {

    private final DeclarativeSlotPool pool;
    private final SlotSharingSlotAllocator allocator;

    public JobSlots(DeclarativeSlotPool pool, SlotSharingSlotAllocator allocator) {
        this.pool = pool;
        this.allocator = allocator;
    }

    /**
     * Where the new subtasks of growing vertices would go, in the order in which they are to be
     * taken; empty when slots are missing for any.
     */
    public Optional<Map<ExecutionVertexID, SlotPlan.Target>> plan(
            ExecutionGraph graph, List<VertexTarget> targets) {
        return SlotPlan.of(
                growing(targets),
                heldSlots(graph),
                pool.getFreeSlotTracker().getFreeSlotsInformation().stream()
                        .map(PhysicalSlot::getAllocationId)
                        .toList());
    }

    /** How many slots the vertices need on top of those the job holds. */
    public int further(ExecutionGraph graph, List<VertexTarget> targets) {
        return SlotPlan.furtherSlots(growing(targets), heldSlots(graph));
    }

    /** How many slots nobody uses are at hand. */
    public int free() {
        return pool.getFreeSlotTracker().getFreeSlotsInformation().size();
    }

    /** The slots as they are now, to take those of a plan at once. */
    public Taking taking(ExecutionGraph graph) {
        return new Taking(graph);
    }

    /** Valid as long as nothing else happens in the main thread. */
    public final class Taking {

        private final Map<AllocationID, SharedSlot> held = new HashMap<>();
        private final Map<AllocationID, PhysicalSlot> free = new HashMap<>();

        private Taking(ExecutionGraph graph) {
            for (ExecutionVertex subtask : graph.getAllExecutionVertices()) {
                if (subtask.getCurrentAssignedResource() instanceof SingleLogicalSlot logical
                        && logical.isAlive()
                        && logical.slotOwner instanceof SharedSlot shared) {
                    held.putIfAbsent(logical.getAllocationId(), shared);
                }
            }
            pool.getFreeSlotTracker()
                    .getFreeSlotsInformation()
                    .forEach(slot -> free.put(slot.getAllocationId(), slot));
        }

        /** Takes the slot of a plan for one subtask. */
        public LogicalSlot take(SlotPlan.Target target) {
            AllocationID allocation = target.allocation();
            if (!target.held()) {
                PhysicalSlot slot = present(free.remove(allocation), allocation);
                held.put(allocation, allocator.reserveSharedSlot(slot));
            }
            return present(held.get(allocation), allocation).allocateLogicalSlot();
        }
    }

    /**
     * Gives slots back that the job needs no more; Flink itself would keep them until
     * slot.idle.timeout.
     */
    public void releaseExcess() {
        int required =
                pool.getResourceRequirements().stream()
                        .mapToInt(requirement -> requirement.getNumberOfRequiredSlots())
                        .sum();
        for (PhysicalSlot slot :
                new ArrayList<>(pool.getFreeSlotTracker().getFreeSlotsInformation())) {
            if (pool.getAllSlotsInformation().size() > required) {
                pool.releaseSlot(
                        slot.getAllocationId(),
                        new FlinkException("The slot is not needed after a rescale."));
            }
        }
    }

    private static List<SlotPlan.Growing> growing(List<VertexTarget> targets) {
        return targets.stream()
                .filter(VertexTarget::grows)
                .map(
                        target ->
                                new SlotPlan.Growing(
                                        target.vertex().getJobVertexId(),
                                        groupOf(target.vertex()),
                                        target.vertex().getParallelism(),
                                        target.to()))
                .toList();
    }

    private static SlotSharingGroupId groupOf(ExecutionJobVertex vertex) {
        return vertex.getSlotSharingGroup().getSlotSharingGroupId();
    }

    private static List<SlotPlan.HeldSlot> heldSlots(ExecutionGraph graph) {
        Map<AllocationID, List<ExecutionVertex>> byAllocation = new LinkedHashMap<>();
        for (ExecutionVertex subtask : graph.getAllExecutionVertices()) {
            LogicalSlot slot = subtask.getCurrentAssignedResource();
            if (slot != null && slot.isAlive()) {
                byAllocation
                        .computeIfAbsent(slot.getAllocationId(), ignored -> new ArrayList<>())
                        .add(subtask);
            }
        }
        // All that share a slot are of one group.
        return byAllocation.entrySet().stream()
                .map(
                        entry ->
                                new SlotPlan.HeldSlot(
                                        entry.getKey(),
                                        groupOf(entry.getValue().get(0).getJobVertex()),
                                        entry.getValue().stream()
                                                .map(ExecutionVertex::getID)
                                                .toList()))
                .toList();
    }

    private static <T> T present(T slot, AllocationID allocation) {
        if (slot == null) {
            throw new RescaleException(
                    "Slot " + allocation + " was lost while the rescale began");
        }
        return slot;
    }
}
