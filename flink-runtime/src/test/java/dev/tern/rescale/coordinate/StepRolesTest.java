package dev.tern.rescale.coordinate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.rescale.plan.MigrationPlan;
import dev.tern.rescale.plan.Ownership;

import org.junit.jupiter.api.Test;

import java.util.List;

class StepRolesTest {

    @Test
    void onlyThoseWhoGiveOrGetTakePart() {
        MigrationPlan plan =
                plan(
                        Ownership.of(2, new int[] {0, 0, 1, 1}),
                        Ownership.of(4, new int[] {2, 0, 1, 3}));
        StepRoles first = StepRoles.of(plan, plan.steps().get(0), false);
        assertThat(first.givers()).containsExactly(0);
        assertThat(first.involved()).containsExactly(0, 2);
        assertThat(first.liveSubtasks(true)).isEqualTo(4);
    }

    @Test
    void thoseWhoRetireHearOfWatermarksUntilTheLastStep() {
        MigrationPlan plan =
                plan(
                        Ownership.of(3, new int[] {0, 1, 2, 2}),
                        Ownership.of(2, new int[] {0, 1, 0, 1}));
        assertThat(
                        plan.steps().stream()
                                .map(
                                        step ->
                                                StepRoles.of(plan, step, false)
                                                        .liveSubtasks(step.index() == 1)))
                .containsExactly(3, 2);
        assertThat(StepRoles.of(plan, plan.steps().get(1), true).involved()).containsExactly(1, 2);
    }

    @Test
    void watermarksReachThoseWhoRetireWhileOtherVerticesMigrateBroadcastRecordsDoNot() {
        MigrationPlan plan =
                plan(Ownership.of(3, new int[] {0, 1, 2}), Ownership.of(2, new int[] {0, 1, 0}));
        assertThat(StepRoles.of(plan, plan.steps().get(0), false).liveSubtasks(false)).isEqualTo(3);
        assertThat(StepRoles.of(plan, plan.steps().get(0), true).liveSubtasks(false)).isEqualTo(2);
    }

    @Test
    void newSubtasksGetBroadcastStateInTheFirstStep() {
        MigrationPlan plan =
                plan(
                        Ownership.of(2, new int[] {0, 0, 1, 1}),
                        Ownership.of(4, new int[] {0, 0, 3, 2}));
        StepRoles first = StepRoles.of(plan, plan.steps().get(0), true);
        assertThat(first.givers()).containsExactly(0, 1);
        assertThat(first.involved()).containsExactly(0, 1, 2, 3);
        assertThat(StepRoles.of(plan, plan.steps().get(1), true).involved())
                .containsExactly(1, 2);
    }

    /** One move a step, by key group. */
    private static MigrationPlan plan(Ownership before, Ownership after) {
        return MigrationPlan.of(
                before,
                after,
                MigrationPlan.difference(before, after).stream().map(List::of).toList());
    }
}
