package dev.tern.rescale.coordinate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.rescale.plan.MigrationPlan;
import dev.tern.rescale.plan.Ownership;

import org.junit.jupiter.api.Test;

import java.util.List;

class StopPointTest {

    private final MigrationPlan plan =
            plan(Ownership.of(2, new int[] {0, 0, 1, 1}), Ownership.of(3, new int[] {0, 2, 1, 2}));

    @Test
    void saysWhereItStopped() {
        assertThat(StopPoint.sentence("Asked for.", List.of(StopPoint.of("A", plan, 1))))
                .isEqualTo(
                        "Asked for. Stopped after step 1 of 2: 1 of 2 key groups have moved and stay"
                                + " where they are. The vertex runs with 3 subtasks, which own 1, 2,"
                                + " 1 key groups.");
    }

    @Test
    void saysOfSeveralVerticesWhereEachStands() {
        assertThat(
                        StopPoint.sentence(
                                "Asked for.",
                                List.of(
                                        StopPoint.of("A", plan, 2),
                                        StopPoint.of("B", plan, 0),
                                        StopPoint.withoutOwners("C", 4, 0, 1))))
                .isEqualTo(
                        "Asked for. Stopped after step 2 of 5: 2 of 4 key groups have moved and stay"
                                + " where they are. \"A\" runs with 3 subtasks, which own 1, 1, 2 key"
                                + " groups. \"B\" runs with 3 subtasks, which own 2, 2, 0 key groups."
                                + " \"C\" runs with 4 subtasks.");
    }

    @Test
    void theOwnershipIsThatOfTheLastStepDone() {
        assertThat(plan.after(0).toTable()).isEqualTo(plan.before().toTable());
        assertThat(plan.after(0).parallelism()).isEqualTo(3);
        assertThat(plan.after(1).toTable()).containsExactly(0, 2, 1, 1);
        assertThat(plan.after(2)).isEqualTo(plan.after());
    }

    @Test
    void aScaleInThatStopsKeepsItsSubtasks() {
        MigrationPlan in =
                plan(
                        Ownership.of(3, new int[] {0, 1, 2, 2}),
                        Ownership.of(2, new int[] {0, 1, 0, 1}));
        assertThat(in.after(2).parallelism()).isEqualTo(3);
    }

    private static MigrationPlan plan(Ownership before, Ownership after) {
        return MigrationPlan.of(
                before,
                after,
                MigrationPlan.difference(before, after).stream().map(List::of).toList());
    }
}
