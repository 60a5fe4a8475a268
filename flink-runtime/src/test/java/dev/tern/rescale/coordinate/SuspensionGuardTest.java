package dev.tern.rescale.coordinate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Optional;

class SuspensionGuardTest {

    private static final long MS = 1_000_000;

    @Test
    void withoutALimitEveryStepMayBegin() {
        SuspensionGuard guard = new SuspensionGuard(Optional.empty());
        guard.stepDone(1, Long.MAX_VALUE);
        assertThat(guard.objection(Long.MAX_VALUE)).isEmpty();
    }

    @Test
    void theFirstStepIsNotForeseen() {
        assertThat(limit(10).objection(Long.MAX_VALUE)).isEmpty();
    }

    @Test
    void aStepThatTookTooLongIsTheLast() {
        SuspensionGuard guard = limit(10);
        guard.stepDone(100, 11 * MS);
        guard.stepDone(100, MS);
        assertThat(guard.objection(1))
                .hasValue(
                        "Records waited 11 ms in one step, and rescale.max-suspension is 10 ms.");
    }

    @Test
    void aLargerStepIsForeseenInProportion() {
        SuspensionGuard guard = limit(10);
        guard.stepDone(100, 4 * MS);
        assertThat(guard.objection(250)).isEmpty();
        assertThat(guard.objection(300))
                .hasValue(
                        "Records would wait about 12 ms in the next step, which moves 300 bytes (4 ms"
                                + " for 100 bytes so far), and rescale.max-suspension is 10 ms.");
    }

    @Test
    void aSmallerStepIsNotExpectedToBeFaster() {
        SuspensionGuard guard = limit(10);
        guard.stepDone(100, 10 * MS);
        assertThat(guard.objection(1)).isEmpty();
    }

    private static SuspensionGuard limit(long ms) {
        return new SuspensionGuard(Optional.of(Duration.ofMillis(ms)));
    }
}
