package dev.tern.rescale.coordinate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.rescale.control.TaskReply;
import dev.tern.rescale.plan.MigrationPlan;
import dev.tern.rescale.plan.Ownership;
import dev.tern.rescale.request.RescaleVolume;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

class StepAccountingTest {

    private final Ownership before = Ownership.contiguous(4, 1);
    private final Ownership after = Ownership.contiguous(4, 2);
    private final MigrationPlan plan =
            MigrationPlan.of(before, after, List.of(MigrationPlan.difference(before, after)));
    private final Map<Integer, Long> sizes = Map.of(0, 1L, 1, 10L, 2, 100L, 3, 1000L);

    @Test
    void networkBytesAreMeasuredAndReferencesEstimated() {
        RescaleVolume volume =
                StepAccounting.total(
                        RescaleVolume.NONE,
                        plan.steps().get(0),
                        sizes,
                        StepAccounting.minimalBytes(before, 2, sizes),
                        List.of(
                                new TaskReply.StepDone(77, List.of(2), 1_000_000, 5, 4, 2),
                                new TaskReply.StepDone(0, List.of(), 2_500_001, 7, 6, 1)));
        assertThat(volume.keyGroupsMoved()).isEqualTo(2);
        assertThat(volume.bytesMoved()).isEqualTo(77 + 100);
        assertThat(volume.bytesMinimal()).isEqualTo(1100);
        assertThat(volume.longestSuspensionMs()).isEqualTo(3);
        assertThat(volume.setAsidePeakBytes()).isEqualTo(7);
        assertThat(volume.setAsideSpilledBytes()).isEqualTo(4 + 6);
        assertThat(volume.reRoutedRecords()).isEqualTo(2 + 1);
    }

    @Test
    void stepsAddUp() {
        RescaleVolume first = new RescaleVolume(5, 50, 1100, 9, 20, 30, 4);
        RescaleVolume total =
                StepAccounting.total(
                        first,
                        plan.steps().get(0),
                        sizes,
                        1100,
                        List.of(new TaskReply.StepDone(8, List.of(), 0, 10, 1, 3)));
        assertThat(total).isEqualTo(new RescaleVolume(7, 58, 1100, 9, 20, 31, 7));
    }

    @Test
    void theLatestTimeCountsInputByInput() {
        assertThat(
                        StepAccounting.latestTimes(
                                List.of(
                                        new TaskReply.Begun(new long[] {5, 9}),
                                        new TaskReply.Finished(),
                                        new TaskReply.Begun(new long[] {7, Long.MIN_VALUE}))))
                .containsExactly(7, 9);
    }
}
