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
        assertThat(StopPoint.sentence("Asked for.", plan, 1))
                .isEqualTo(
                        "Asked for. Stopped after step 1 of 2: 1 of 2 key groups have moved and stay"
                                + " where they are. The vertex runs with 3 subtasks, which own 1, 2,"
                                + " 1 key groups.");
    }

    @Test
    void theOwnershipIsThatOfTheLastStepDone() {
        assertThat(Migration.ownershipAfter(plan, 0)).isEqualTo(plan.before());
        assertThat(Migration.ownershipAfter(plan, 1).toTable()).containsExactly(0, 2, 1, 1);
        assertThat(Migration.ownershipAfter(plan, 2)).isEqualTo(plan.after());
    }

    @Test
    void aScaleInThatStopsKeepsItsSubtasks() {
        MigrationPlan in =
                plan(
                        Ownership.of(3, new int[] {0, 1, 2, 2}),
                        Ownership.of(2, new int[] {0, 1, 0, 1}));
        assertThat(Migration.ownershipAfter(in, 1).parallelism()).isEqualTo(3);
    }

    private static MigrationPlan plan(Ownership before, Ownership after) {
        return MigrationPlan.of(
                before,
                after,
                MigrationPlan.difference(before, after).stream().map(List::of).toList());
    }
}
