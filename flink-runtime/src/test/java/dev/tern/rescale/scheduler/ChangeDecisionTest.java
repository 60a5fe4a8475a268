package dev.tern.rescale.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.rescale.scheduler.ChangeDecision.Tasks;

import org.junit.jupiter.api.Test;

class ChangeDecisionTest {

    @Test
    void startsWhenNothingIsInTheWay() {
        assertThat(ChangeDecision.of(Tasks.RUNNING, false, false, true))
                .isEqualTo(ChangeDecision.START);
    }

    @Test
    void waitsForTasksBeforeAnythingElse() {
        assertThat(ChangeDecision.of(Tasks.CHANGING, true, true, false))
                .isEqualTo(ChangeDecision.LOOK_AGAIN);
    }

    @Test
    void finishedTasksLeaveOnlyTheStockWay() {
        assertThat(ChangeDecision.of(Tasks.FINISHING, false, false, true))
                .isEqualTo(ChangeDecision.GIVE_UP_FINISHED);
    }

    @Test
    void anObstacleCountsMoreThanSlots() {
        assertThat(ChangeDecision.of(Tasks.RUNNING, true, false, false))
                .isEqualTo(ChangeDecision.GIVE_UP_OBSTACLE);
    }

    @Test
    void aRestartNeedsSlotsTooButNoShape() {
        assertThat(ChangeDecision.of(Tasks.RUNNING, true, true, false))
                .isEqualTo(ChangeDecision.WAIT_FOR_SLOTS);
        assertThat(ChangeDecision.of(Tasks.RUNNING, true, true, true))
                .isEqualTo(ChangeDecision.RESTART);
    }
}
