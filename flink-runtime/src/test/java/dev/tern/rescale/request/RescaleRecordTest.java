package dev.tern.rescale.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.flink.util.InstantiationUtil;

import org.junit.jupiter.api.Test;

/** How a record follows a rescale. */
class RescaleRecordTest {

    private final RescaleRecord requested = Rescales.requested("r1", 100);

    @Test
    void beginsBeforeTheFirstState() {
        assertThat(requested.outcome()).isEqualTo(RescaleOutcome.IN_PROGRESS);
        assertThat(requested.state()).isEqualTo(RescaleState.IDLE);
        assertThat(requested.endMillis()).isEqualTo(StateSpan.OPEN);
        assertThat(requested.durationMs(130)).isEqualTo(30);
    }

    @Test
    void eachStateEndsWhenTheNextBegins() {
        RescaleRecord migrating =
                requested
                        .entered(RescaleState.PREFLIGHT, 101)
                        .entered(RescaleState.MIGRATE, 105);
        assertThat(migrating.states())
                .containsExactly(
                        new StateSpan(RescaleState.PREFLIGHT, 101, 105),
                        new StateSpan(RescaleState.MIGRATE, 105, StateSpan.OPEN));
        assertThat(migrating.state()).isEqualTo(RescaleState.MIGRATE);
    }

    @Test
    void aCompletedLiveRescaleEndsInCompleted() {
        RescaleRecord done = Rescales.completed("r1", 100);
        assertThat(done.outcome()).isEqualTo(RescaleOutcome.COMPLETED);
        assertThat(done.state()).isEqualTo(RescaleState.COMPLETED);
        assertThat(done.endMillis()).isEqualTo(150);
        assertThat(done.durationMs(9999)).isEqualTo(50);
        assertThat(done.volume()).isEqualTo(new RescaleVolume(64, 2048, 1024, 7, 300, 200, 11));
        assertThat(done.error()).isNull();
    }

    @Test
    void aCompletedRestartEndsInRestarted() {
        RescaleRecord done =
                requested
                        .entered(RescaleState.PREFLIGHT, 101)
                        .restarting("It is a source.")
                        .completed(200);
        assertThat(done.mode()).isEqualTo(RescaleMode.RESTART);
        assertThat(done.reason()).isEqualTo("It is a source.");
        assertThat(done.state()).isEqualTo(RescaleState.RESTARTED);
        assertThat(done.outcome()).isEqualTo(RescaleOutcome.COMPLETED);
    }

    @Test
    void everyOtherEndSaysWhy() {
        assertEnd(requested.failed(120, "Lost."), RescaleOutcome.FAILED, RescaleState.RESTARTED);
        assertEnd(requested.aborted(120, "Lost."), RescaleOutcome.ABORTED, RescaleState.ABORTED);
        assertEnd(requested.ignored(120, "Lost."), RescaleOutcome.IGNORED, RescaleState.ABORTED);
    }

    @Test
    void whatIsOverStaysOver() {
        RescaleRecord done = requested.completed(120);
        assertThatThrownBy(() -> done.entered(RescaleState.MIGRATE, 130))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("r1")
                .hasMessageContaining("MIGRATE");
        assertThatThrownBy(() -> done.aborted(130, "Late."))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aClockThatWasSetBackGivesNoNegativeTimes() {
        RescaleRecord record =
                requested.entered(RescaleState.PREFLIGHT, 100).entered(RescaleState.MIGRATE, 50);
        assertThat(record.states().get(0))
                .isEqualTo(new StateSpan(RescaleState.PREFLIGHT, 100, 100));
        assertThat(record.completed(60).durationMs(60)).isZero();
    }

    @Test
    void travelsBetweenProcesses() throws Exception {
        RescaleRecord done = Rescales.completed("r1", 100);
        assertThat(InstantiationUtil.clone(done)).isEqualTo(done);
    }

    private static void assertEnd(
            RescaleRecord record, RescaleOutcome outcome, RescaleState state) {
        assertThat(record.outcome()).isEqualTo(outcome);
        assertThat(record.state()).isEqualTo(state);
        assertThat(record.endMillis()).isEqualTo(120);
        assertThat(record.error()).isEqualTo("Lost.");
    }
}
