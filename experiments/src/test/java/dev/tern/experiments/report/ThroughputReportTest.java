package dev.tern.experiments.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.experiments.matrix.ThroughputArm;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

class ThroughputReportTest {

    /** Two pairs in which tern reaches the given shares of stock, early and late. */
    private static List<ThroughputResult> runs(double early, double late) {
        List<ThroughputResult> runs = new ArrayList<>();
        for (int pair = 0; pair < 2; pair++) {
            double stock = 100_000 + 20_000 * pair;
            runs.add(run(ThroughputArm.CONTROL, pair, stock * 0.9, stock * 0.9));
            runs.add(run(ThroughputArm.TERN, pair, stock * early, stock * late));
            runs.add(run(ThroughputArm.STOCK, pair, stock, stock));
        }
        return runs;
    }

    private static ThroughputResult run(ThroughputArm arm, int pair, double early, double late) {
        return new ThroughputResult(arm, pair, early, late, arm == ThroughputArm.TERN ? 20 : 0, 0);
    }

    @Test
    void notInferiorWithinTheMargin() {
        assertThat(ThroughputReport.compare(runs(0.985, 1.02), 1))
                .allMatch(ThroughputReport.Comparison::met);
    }

    @Test
    void slowerAfterRescalesIsFoundEvenIfItStartedFast() {
        List<ThroughputReport.Comparison> comparisons =
                ThroughputReport.compare(runs(1.1, 0.97), 1);

        assertThat(comparisons.get(0).met()).isTrue();
        assertThat(comparisons.get(1).met()).isFalse();
        assertThat(comparisons.get(1).ratio().median()).isEqualTo(0.97);
    }

    @Test
    void controlsInformAndAreNoGoals() {
        List<ThroughputReport.Comparison> comparisons = ThroughputReport.compare(runs(1, 1), 1);

        assertThat(comparisons.get(2).ratio().median()).isEqualTo(0.9);
        assertThat(comparisons.get(2).met()).isTrue();
        assertThat(ThroughputReport.table(runs(1, 1), comparisons))
                .contains("| stock / stock, early | 0.900 | [0.900, 0.900] | control |  |")
                .contains("| tern / stock, never rescaled | 1.000 |")
                .contains("| tern | 1 | 120,000 | 120,000 |");
    }

    @Test
    void jsonHoldsRunsAndRatios() throws IOException {
        List<ThroughputResult> runs = runs(1, 0.9);
        JsonNode document =
                new ObjectMapper()
                        .readTree(
                                ThroughputReport.json(runs, ThroughputReport.compare(runs, 1)));

        assertThat(document.path("runs")).hasSize(6);
        assertThat(document.path("runs").get(1).path("rescales").asInt()).isEqualTo(20);
        assertThat(document.path("ratios").get(1).path("met").asBoolean()).isFalse();
        assertThat(document.path("ratios").get(0).path("goal").asDouble()).isEqualTo(0.98);
        assertThat(document.path("ratios").get(2).path("goal").isNull()).isTrue();
    }
}
