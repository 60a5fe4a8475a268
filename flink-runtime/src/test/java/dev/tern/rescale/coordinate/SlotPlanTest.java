package dev.tern.rescale.coordinate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.rescale.coordinate.SlotPlan.Growing;
import dev.tern.rescale.coordinate.SlotPlan.HeldSlot;
import dev.tern.rescale.coordinate.SlotPlan.Target;

import org.apache.flink.runtime.clusterframework.types.AllocationID;
import org.apache.flink.runtime.instance.SlotSharingGroupId;
import org.apache.flink.runtime.jobgraph.JobVertexID;
import org.apache.flink.runtime.scheduler.strategy.ExecutionVertexID;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

class SlotPlanTest {

    private static final JobVertexID KEYED = new JobVertexID(1, 1);
    private static final JobVertexID OTHER = new JobVertexID(1, 2);
    private static final SlotSharingGroupId GROUP = new SlotSharingGroupId();

    private final AllocationID a = new AllocationID();
    private final AllocationID b = new AllocationID();
    private final AllocationID c = new AllocationID();
    private final AllocationID d = new AllocationID();

    @Test
    void aSubtaskJoinsTheSlotOfItsIndex() {
        List<HeldSlot> held =
                List.of(
                        slot(a, subtask(KEYED, 0), subtask(OTHER, 0)),
                        slot(b, subtask(OTHER, 2)),
                        slot(c, subtask(OTHER, 1)));
        assertThat(SlotPlan.of(keyed(1, 3), held, List.of()))
                .hasValue(
                        Map.of(
                                subtask(KEYED, 1), new Target(c, true),
                                subtask(KEYED, 2), new Target(b, true)));
    }

    @Test
    void withoutOneTheLeastLoadedHeldSlotIsTaken() {
        List<HeldSlot> held =
                List.of(
                        slot(a, subtask(OTHER, 5), subtask(OTHER, 6)),
                        slot(b, subtask(OTHER, 4)));
        assertThat(SlotPlan.of(keyed(1, 2), held, List.of(c)))
                .hasValue(Map.of(subtask(KEYED, 1), new Target(b, true)));
    }

    @Test
    void aSlotThatRunsTheVertexIsNotShared() {
        List<HeldSlot> held = List.of(slot(a, subtask(KEYED, 0)));
        assertThat(SlotPlan.of(keyed(1, 3), held, List.of(c, d)))
                .hasValue(
                        Map.of(
                                subtask(KEYED, 1), new Target(c, false),
                                subtask(KEYED, 2), new Target(d, false)));
    }

    @Test
    void aSlotOfAnotherGroupIsNotShared() {
        List<HeldSlot> held =
                List.of(
                        new HeldSlot(
                                a, new SlotSharingGroupId(), List.of(subtask(OTHER, 1))));
        assertThat(SlotPlan.of(keyed(1, 2), held, List.of(c)))
                .hasValue(Map.of(subtask(KEYED, 1), new Target(c, false)));
    }

    @Test
    void nothingIsPlannedInPart() {
        List<HeldSlot> held = List.of(slot(a, subtask(KEYED, 0)));
        assertThat(SlotPlan.of(keyed(1, 3), held, List.of(c))).isEmpty();
    }

    @Test
    void verticesThatGrowTogetherShareNewSlots() {
        List<Growing> both =
                List.of(new Growing(KEYED, GROUP, 1, 3), new Growing(OTHER, GROUP, 1, 2));
        List<HeldSlot> held = List.of(slot(a, subtask(KEYED, 0), subtask(OTHER, 0)));
        assertThat(SlotPlan.of(both, held, List.of(b, c)))
                .hasValueSatisfying(
                        targets ->
                                assertThat(targets)
                                        .containsExactly(
                                                Map.entry(
                                                        subtask(KEYED, 1), new Target(b, false)),
                                                Map.entry(
                                                        subtask(KEYED, 2), new Target(c, false)),
                                                Map.entry(
                                                        subtask(OTHER, 1), new Target(b, true))));
        assertThat(SlotPlan.furtherSlots(both, held)).isEqualTo(2);
    }

    @Test
    void nothingIsPlannedForOneWhenSlotsForAnotherAreMissing() {
        List<Growing> both =
                List.of(
                        new Growing(KEYED, GROUP, 1, 2),
                        new Growing(OTHER, new SlotSharingGroupId(), 1, 2));
        assertThat(SlotPlan.of(both, List.of(), List.of(c))).isEmpty();
        assertThat(SlotPlan.furtherSlots(both, List.of())).isEqualTo(2);
    }

    @Test
    void slotsThatOtherVerticesHoldCountBeforeFurtherOnes() {
        List<HeldSlot> held =
                List.of(
                        slot(a, subtask(KEYED, 0), subtask(OTHER, 0)),
                        slot(b, subtask(OTHER, 1)));
        assertThat(SlotPlan.furtherSlots(keyed(1, 4), held)).isEqualTo(2);
        assertThat(SlotPlan.furtherSlots(keyed(1, 2), held)).isZero();
    }

    private static List<Growing> keyed(int from, int to) {
        return List.of(new Growing(KEYED, GROUP, from, to));
    }

    private static HeldSlot slot(AllocationID allocation, ExecutionVertexID... subtasks) {
        return new HeldSlot(allocation, GROUP, List.of(subtasks));
    }

    private static ExecutionVertexID subtask(JobVertexID vertex, int index) {
        return new ExecutionVertexID(vertex, index);
    }
}
