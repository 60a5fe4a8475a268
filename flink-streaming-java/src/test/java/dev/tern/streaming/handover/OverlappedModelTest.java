package dev.tern.streaming.handover;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.File;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Random runs of a step in which units leave before all channels have shown the marker: two to four
 * producers, three owners, queues, markers, units and batches of late records in any order that
 * their channels allow.
 *
 * <p>{@link OverlappedModel} asserts, for each record, that its unit is there, that none of its
 * producer and unit is missing or was before it, and that it is not late; that each timer fires
 * once, and not at an owner that has passed it. The last three tests take one rule away each, and
 * show that the model sees it.
 */
class OverlappedModelTest {

    private static final int RUNS = 400;

    @TempDir private File directory;

    @Test
    void everyInterleavingKeepsOrderAndTime() throws Exception {
        int reRouted = 0;
        int setAside = 0;
        for (int seed = 0; seed < RUNS; seed++) {
            OverlappedModel model =
                    new OverlappedModel(new Random(seed), OverlappedPolicy.INSTANCE, true, directory);
            try {
                model.run();
            } catch (AssertionError | Exception e) {
                throw new AssertionError("Seed " + seed + ": " + e.getMessage(), e);
            }
            reRouted += model.reRouted();
            setAside += model.setAside();
        }
        assertThat(reRouted).as("records that were re-routed").isGreaterThan(RUNS);
        assertThat(setAside).as("records that waited").isGreaterThan(RUNS);
    }

    @Test
    void withoutWaitingForLateRecordsOrderIsLost() {
        HandoverPolicy hasty =
                new Variation() {
                    @Override
                    public Verdict verdict(UnitState unit, boolean switched) {
                        return super.verdict(unit, switched || unit == UnitState.INSTALLED);
                    }
                };
        assertThat(isViolated(hasty, true, "comes behind")).isTrue();
    }

    @Test
    void withoutWaitingForTheTimeOfOthersRecordsAreLate() {
        HandoverPolicy hasty =
                new Variation() {
                    @Override
                    public boolean mayLeave(Alignment alignment, boolean atTime) {
                        return super.mayLeave(alignment, true);
                    }
                };
        assertThat(isViolated(hasty, true, "is late")).isTrue();
        assertThat(isViolated(hasty, true, "a timer is due before it comes")).isTrue();
    }

    @Test
    void withoutHoldingTimeRecordsAreLate() {
        assertThat(isViolated(OverlappedPolicy.INSTANCE, false, "is late")).isTrue();
    }

    private boolean isViolated(HandoverPolicy policy, boolean holds, String how) {
        return IntStream.range(0, RUNS)
                .mapToObj(seed -> violation(seed, policy, holds))
                .anyMatch(text -> text.contains(how));
    }

    private String violation(int seed, HandoverPolicy policy, boolean holds) {
        try {
            new OverlappedModel(new Random(seed), policy, holds, directory).run();
            return "";
        } catch (AssertionError | Exception e) {
            return String.valueOf(e.getMessage());
        }
    }

    /** The policy with one rule changed. */
    private static class Variation implements HandoverPolicy {
        @Override
        public boolean mayLeave(Alignment alignment, boolean atTime) {
            return OverlappedPolicy.INSTANCE.mayLeave(alignment, atTime);
        }

        @Override
        public Verdict verdict(UnitState unit, boolean switched) {
            return OverlappedPolicy.INSTANCE.verdict(unit, switched);
        }

        @Override
        public boolean reRoutes() {
            return true;
        }
    }
}
