package dev.tern.experiments.report;

import dev.tern.experiments.matrix.ThroughputArm;
import dev.tern.experiments.stats.PairedRatio;
import dev.tern.experiments.stats.Statistics;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ArrayNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * A non-inferiority test of throughput: the lower end of the interval of tern by stock must be at
 * least the margin. The control says how much of the margin is noise.
 */
public final class ThroughputReport {

    /** What tern must reach of stock's throughput. */
    static final double MARGIN = 0.98;

    /**
     * One comparison.
     *
     * @param name what is compared
     * @param ratio with its interval
     * @param isGoal whether it is a goal; the controls are not
     */
    public record Comparison(String name, PairedRatio ratio, boolean isGoal) {

        /** Whether the goal is met; a control always is. */
        public boolean met() {
            return !isGoal || ratio.atLeast(MARGIN);
        }
    }

    private ThroughputReport() {}

    /** All comparisons: without a rescale, after the rescales, and the controls of both. */
    public static List<Comparison> compare(List<ThroughputResult> results, long seed) {
        ToDoubleFunction<ThroughputResult> early = ThroughputResult::early;
        ToDoubleFunction<ThroughputResult> late = ThroughputResult::late;
        return List.of(
                of("tern / stock, never rescaled", results, ThroughputArm.TERN, early, seed),
                of("tern / stock, after 20 rescales", results, ThroughputArm.TERN, late, seed),
                of("stock / stock, early", results, ThroughputArm.CONTROL, early, seed),
                of("stock / stock, late", results, ThroughputArm.CONTROL, late, seed));
    }

    /** The comparisons as Markdown. */
    public static String table(List<ThroughputResult> results, List<Comparison> comparisons) {
        StringBuilder table =
                new StringBuilder("| run | pair | early, records/s | late, records/s |\n")
                        .append("|---|---:|---:|---:|\n");
        for (ThroughputResult result : results) {
            table.append(
                    String.format(
                            Locale.ROOT,
                            "| %s | %d | %,.0f | %,.0f |%n",
                            result.arm().label(),
                            result.pair(),
                            result.early(),
                            result.late()));
        }
        table.append("\n| throughput | median ratio | interval | goal | met |\n");
        table.append("|---|---:|---|---|---|\n");
        for (Comparison comparison : comparisons) {
            table.append(
                    String.format(
                            Locale.ROOT,
                            "| %s | %.3f | [%.3f, %.3f] | %s | %s |%n",
                            comparison.name(),
                            comparison.ratio().median(),
                            comparison.ratio().low(),
                            comparison.ratio().high(),
                            comparison.isGoal() ? ">= " + MARGIN : "control",
                            comparison.isGoal() ? comparison.met() ? "yes" : "**no**" : ""));
        }
        return table.toString();
    }

    /** {@code throughput.json}. */
    public static String json(List<ThroughputResult> results, List<Comparison> comparisons) {
        ObjectNode document = new ObjectMapper().createObjectNode();
        ArrayNode runs = document.putArray("runs");
        for (ThroughputResult result : results) {
            ObjectNode run = runs.addObject();
            run.put("arm", result.arm().label());
            run.put("engine", result.arm().engine().label());
            run.put("pair", result.pair());
            run.put("early", result.early());
            run.put("late", result.late());
            run.put("rescales", result.rescales());
            run.put("numRestarts", result.numRestarts());
        }
        ArrayNode ratios = document.putArray("ratios");
        for (Comparison comparison : comparisons) {
            ObjectNode ratio = ratios.addObject();
            ratio.put("name", comparison.name());
            ratio.put("ratio", comparison.ratio().median());
            ratio.put("ratioLow", comparison.ratio().low());
            ratio.put("ratioHigh", comparison.ratio().high());
            ratio.put("goal", comparison.isGoal() ? MARGIN : null);
            ratio.put("met", comparison.met());
        }
        return SummaryJson.pretty(document);
    }

    private static Comparison of(
            String name,
            List<ThroughputResult> results,
            ThroughputArm arm,
            ToDoubleFunction<ThroughputResult> window,
            long seed) {
        PairedRatio ratio =
                Statistics.pairedRatio(
                        values(results, arm, window),
                        values(results, ThroughputArm.STOCK, window),
                        seed);
        return new Comparison(name, ratio, arm == ThroughputArm.TERN);
    }

    private static double[] values(
            List<ThroughputResult> results,
            ThroughputArm arm,
            ToDoubleFunction<ThroughputResult> window) {
        return results.stream()
                .filter(result -> result.arm() == arm)
                .sorted(Comparator.comparingInt(ThroughputResult::pair))
                .mapToDouble(window)
                .toArray();
    }
}
