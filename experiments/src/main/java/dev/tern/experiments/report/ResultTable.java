package dev.tern.experiments.report;

import dev.tern.experiments.matrix.Arm;
import dev.tern.experiments.stats.Statistics;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The result of an experiment as Markdown: medians per engine, then the goals. */
public final class ResultTable {

    private static final List<Map.Entry<String, ToDoubleFunction<RunResult>>> ROWS =
            List.of(
                    Map.entry("base p50, ms", run -> run.base().p50()),
                    Map.entry("base p99, ms", run -> run.base().p99()),
                    Map.entry("peak latency, ms", run -> run.horizon().latency().max()),
                    Map.entry("p99 in the horizon, ms", run -> run.horizon().latency().p99()),
                    Map.entry("output gap, ms", run -> run.horizon().gapMillis()),
                    Map.entry(
                            "lost service, record*s",
                            run -> run.horizon().lostServiceRecordSeconds()),
                    Map.entry("recovered after, ms", run -> run.horizon().recoveredMillis()),
                    Map.entry("rescale duration, ms", run -> run.rescale().durationMillis()),
                    Map.entry("processed twice, records", run -> run.oracle().duplicated()),
                    Map.entry("checkpoint, ms", run -> run.rescale().checkpointMillis()),
                    Map.entry("timer jitter, ms", run -> run.machine().jitterMaxMillis()));

    private ResultTable() {}

    /** Both tables. */
    public static String of(List<RunResult> runs, List<GoalResult> goals) {
        List<Arm> columns = Goals.arms(runs);
        StringBuilder table = new StringBuilder("| median of the runs |");
        columns.forEach(arm -> table.append(' ').append(arm.label()).append(" |"));
        table.append("\n|---|").append("---:|".repeat(columns.size())).append('\n');
        for (Map.Entry<String, ToDoubleFunction<RunResult>> row : ROWS) {
            table.append("| ").append(row.getKey()).append(" |");
            for (Arm arm : columns) {
                double[] values = Goals.values(Goals.of(runs, arm), row.getValue());
                table.append(' ').append(cell(Statistics.median(values))).append(" |");
            }
            table.append('\n');
        }
        table.append("\n| strategy | goal | condition | measured | met |\n|---|---|---|---|---|\n");
        for (GoalResult goal : goals) {
            table.append(
                    String.format(
                            "| %s | %s | %s | %s | %s |%n",
                            goal.strategy(),
                            goal.name(),
                            goal.goal(),
                            goal.measured(),
                            goal.met() ? "yes" : "**no**"));
        }
        return table.toString();
    }

    private static String cell(double value) {
        if (!Double.isFinite(value)) {
            return "-";
        }
        return String.format(Locale.ROOT, Math.abs(value) < 100 ? "%.1f" : "%,.0f", value);
    }
}
