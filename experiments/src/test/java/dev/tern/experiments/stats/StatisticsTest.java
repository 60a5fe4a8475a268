package dev.tern.experiments.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.Random;

class StatisticsTest {

    @Test
    void medianOfOddAndEvenCounts() {
        assertThat(Statistics.median(new double[] {9, 1, 4})).isEqualTo(4);
        assertThat(Statistics.median(new double[] {9, 1, 4, 6})).isEqualTo(5);
        assertThatThrownBy(() -> Statistics.median(new double[0]))
                .hasMessageContaining("at least one value");
    }

    @Test
    void quantileInterpolatesAndLeavesItsInputAlone() {
        double[] values = {40, 10, 30, 20};

        assertThat(Statistics.quantile(values, 0)).isEqualTo(10);
        assertThat(Statistics.quantile(values, 1)).isEqualTo(40);
        assertThat(Statistics.quantile(values, 0.25)).isEqualTo(17.5);
        assertThat(values).containsExactly(40, 10, 30, 20);
    }

    @Test
    void ratiosArePerPairAndNotOfMedians() {
        double[] tern = {100, 10, 900};
        double[] stock = {100, 100, 3000};

        assertThat(Statistics.pairedRatio(tern, stock, 1).median()).isEqualTo(0.3);
    }

    @Test
    void equalRatiosHaveAnIntervalOfNoWidth() {
        PairedRatio ratio =
                Statistics.pairedRatio(new double[] {1, 2, 4}, new double[] {8, 16, 32}, 7);

        assertThat(ratio.median()).isEqualTo(0.125);
        assertThat(ratio.low()).isEqualTo(0.125);
        assertThat(ratio.high()).isEqualTo(0.125);
        assertThat(ratio.atMost(0.125)).isTrue();
        assertThat(ratio.atMost(0.124)).isFalse();
    }

    @Test
    void theWorseEndOfTheIntervalDecides() {
        double[] tern = {1, 1, 1, 1, 9, 9, 9};
        double[] stock = {10, 10, 10, 10, 10, 10, 10};

        PairedRatio ratio = Statistics.pairedRatio(tern, stock, 3);

        assertThat(ratio.median()).isEqualTo(0.1);
        assertThat(ratio.high()).isEqualTo(0.9);
        assertThat(ratio.atMost(0.5)).isFalse();
        assertThat(ratio.atLeast(0.1)).isTrue();
        assertThat(Statistics.pairedRatio(tern, stock, 3)).isEqualTo(ratio);
    }

    @Test
    void intervalNarrowsWithTheNumberOfPairs() {
        assertThat(width(60)).isLessThan(width(8) * 0.7);
    }

    @Test
    void intervalCoversTheTrueMedianAboutAsOftenAsItClaims() {
        int covered = 0;
        Random seeds = new Random(20);
        for (int experiment = 0; experiment < 200; experiment++) {
            double[] values = noisy(15, seeds.nextLong());
            PairedRatio ratio = Statistics.pairedRatio(values, ones(15), seeds.nextLong());
            covered += ratio.low() <= 1 && ratio.high() >= 1 ? 1 : 0;
        }

        assertThat(covered / 200.0).isCloseTo(0.95, within(0.05));
    }

    private static double width(int pairs) {
        PairedRatio ratio = Statistics.pairedRatio(noisy(pairs, 11), ones(pairs), 5);
        return ratio.high() - ratio.low();
    }

    private static double[] noisy(int count, long seed) {
        Random random = new Random(seed);
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = 1 + random.nextGaussian() / 5;
        }
        return values;
    }

    private static double[] ones(int count) {
        double[] values = new double[count];
        Arrays.fill(values, 1);
        return values;
    }
}
