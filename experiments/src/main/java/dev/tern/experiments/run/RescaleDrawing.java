package dev.tern.experiments.run;

import dev.tern.experiments.matrix.Arm;
import dev.tern.experiments.options.ExperimentPlan;
import dev.tern.experiments.options.Sizes;
import dev.tern.experiments.report.Goals;
import dev.tern.experiments.report.LatencyBucket;
import dev.tern.experiments.report.LatencyChart;
import dev.tern.experiments.report.LatencySvg;
import dev.tern.experiments.report.RunResult;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/** Chooses what of an experiment is drawn: for each arm the run with the median peak. */
final class RescaleDrawing {

    private static final long BEFORE_MILLIS = 10_000;
    private static final long AFTER_MILLIS = 30_000;

    private static final List<String> STRATEGY_COLORS = List.of("#0b7285", "#5f3dc4", "#2b8a3e");

    private RescaleDrawing() {}

    static String of(ExperimentPlan plan, List<RunResult> results) {
        List<LatencyChart.Line> lines = new ArrayList<>();
        List<LatencyChart.Window> windows = new ArrayList<>();
        List<Arm> arms = new ArrayList<>(Goals.arms(results));
        // What is drawn last lies on top: tern, whose latencies are the smaller ones.
        Collections.reverse(arms);
        for (Arm arm : arms) {
            RunResult run = medianPeak(Goals.of(results, arm));
            String color = color(arm, plan);
            lines.add(new LatencyChart.Line(name(arm, run), color, inView(run)));
            double duration = run.rescale().durationMillis();
            windows.add(new LatencyChart.Window(name(arm, run), "", color, 0, duration));
        }
        String title =
                String.format(
                        "Rescaling %s from %d to %d subtasks",
                        plan.workload(), plan.from(), plan.to());
        String subtitle =
                String.format(
                        "%s of keyed state on %s, %,d records/s, run with the median peak of %d",
                        Sizes.format(plan.stateBytes()),
                        plan.backend(),
                        plan.rate(),
                        plan.pairs());
        return LatencySvg.draw(new LatencyChart(title, subtitle, lines, windows));
    }

    private static RunResult medianPeak(List<RunResult> runs) {
        List<RunResult> sorted =
                runs.stream()
                        .sorted(Comparator.comparingDouble(run -> run.horizon().latency().max()))
                        .toList();
        return sorted.get((sorted.size() - 1) / 2);
    }

    private static List<LatencyBucket> inView(RunResult run) {
        return run.series().stream()
                .filter(bucket -> bucket.offsetMillis() >= -BEFORE_MILLIS)
                .filter(bucket -> bucket.offsetMillis() <= AFTER_MILLIS)
                .toList();
    }

    private static String color(Arm arm, ExperimentPlan plan) {
        return switch (arm.engine()) {
            case TERN ->
                    STRATEGY_COLORS.get(
                            plan.strategies().indexOf(arm.strategy()) % STRATEGY_COLORS.size());
            case STOCK -> "#c92a2a";
            case STOCK_INGEST -> "#a61e4d";
            case STOCK_DEFAULT -> "#e67700";
        };
    }

    private static String name(Arm arm, RunResult run) {
        String name =
                switch (arm.engine()) {
                    case TERN -> "Tern, " + arm.strategy();
                    case STOCK -> "Flink 2.2.1, restart";
                    case STOCK_INGEST -> "Flink 2.2.1, restart by import";
                    case STOCK_DEFAULT -> "Flink 2.2.1, default settings";
                };
        return String.format("%s (%.0f ms)", name, run.rescale().durationMillis());
    }
}
