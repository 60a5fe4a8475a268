package dev.tern.rescale.coordinate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.rescale.coordinate.SlotPlan.HeldSlot;
import dev.tern.rescale.coordinate.SlotPlan.Target;

import org.apache.flink.runtime.clusterframework.types.AllocationID;

import org.junit.jupiter.api.Test;

import java.util.List;

class SlotPlanTest {

    private final AllocationID a = new AllocationID();
    private final AllocationID b = new AllocationID();
    private final AllocationID c = new AllocationID();
    private final AllocationID d = new AllocationID();

    @Test
    void aSubtaskJoinsTheSlotOfItsIndex() {
        List<HeldSlot> held =
                List.of(
                        new HeldSlot(a, List.of(0, 0), true),
                        new HeldSlot(b, List.of(2), false),
                        new HeldSlot(c, List.of(1), false));
        assertThat(SlotPlan.of(1, 3, held, List.of()))
                .hasValue(List.of(new Target(c, true), new Target(b, true)));
    }

    @Test
    void withoutOneTheLeastLoadedHeldSlotIsTaken() {
        List<HeldSlot> held =
                List.of(new HeldSlot(a, List.of(5, 5), false), new HeldSlot(b, List.of(4), false));
        assertThat(SlotPlan.of(1, 2, held, List.of(c))).hasValue(List.of(new Target(b, true)));
    }

    @Test
    void aSlotThatRunsTheVertexIsNotShared() {
        List<HeldSlot> held = List.of(new HeldSlot(a, List.of(0), true));
        assertThat(SlotPlan.of(1, 3, held, List.of(c, d)))
                .hasValue(List.of(new Target(c, false), new Target(d, false)));
    }

    @Test
    void nothingIsPlannedInPart() {
        List<HeldSlot> held = List.of(new HeldSlot(a, List.of(0), true));
        assertThat(SlotPlan.of(1, 3, held, List.of(c))).isEmpty();
    }

    @Test
    void slotsThatOtherVerticesHoldCountBeforeFurtherOnes() {
        List<HeldSlot> held =
                List.of(new HeldSlot(a, List.of(0, 0), true), new HeldSlot(b, List.of(1), false));
        assertThat(SlotPlan.furtherSlots(1, 4, held)).isEqualTo(2);
        assertThat(SlotPlan.furtherSlots(1, 2, held)).isZero();
        assertThat(SlotPlan.furtherSlots(4, 2, held)).isZero();
    }
}
