package dev.tern.experiments.run;

import dev.tern.experiments.matrix.Engine;
import dev.tern.experiments.options.ExperimentPlan;
import dev.tern.experiments.options.Sizes;
import dev.tern.experiments.report.Goals;
import dev.tern.experiments.report.LatencyBucket;
import dev.tern.experiments.report.LatencyChart;
import dev.tern.experiments.report.LatencySvg;
import dev.tern.experiments.report.RunResult;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Chooses what of an experiment is drawn: for each engine the run with the median peak. */
final class RescaleDrawing {

    private static final long BEFORE_MILLIS = 10_000;
    private static final long AFTER_MILLIS = 30_000;

    private RescaleDrawing() {}

    static String of(ExperimentPlan plan, List<RunResult> results) {
        List<LatencyChart.Line> lines = new ArrayList<>();
        List<LatencyChart.Window> windows = new ArrayList<>();
        for (Engine engine : List.of(Engine.STOCK, Engine.TERN)) {
            List<RunResult> runs = Goals.of(results, engine);
            if (!runs.isEmpty()) {
                RunResult run = medianPeak(runs);
                lines.add(new LatencyChart.Line(name(engine, run), color(engine), inView(run)));
                windows.add(
                        new LatencyChart.Window(
                                name(engine, run),
                                "",
                                color(engine),
                                0,
                                run.rescale().durationMillis()));
            }
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

    private static String name(Engine engine, RunResult run) {
        return String.format(
                "%s (%.0f ms)",
                engine == Engine.TERN ? "Tern, live" : "Flink 2.2.1, restart",
                run.rescale().durationMillis());
    }

    private static String color(Engine engine) {
        return engine == Engine.TERN ? "#0b7285" : "#c92a2a";
    }
}
