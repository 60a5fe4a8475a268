package dev.tern.experiments.run;

import dev.tern.experiments.matrix.RunMatrix;
import dev.tern.experiments.matrix.RunSpec;
import dev.tern.experiments.options.Distributions;
import dev.tern.experiments.options.ExperimentPlan;
import dev.tern.experiments.options.Sizes;
import dev.tern.experiments.report.GoalResult;
import dev.tern.experiments.report.Goals;
import dev.tern.experiments.report.LatencyCsv;
import dev.tern.experiments.report.Progress;
import dev.tern.experiments.report.ResultTable;
import dev.tern.experiments.report.RunResult;
import dev.tern.experiments.report.SummaryJson;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;

/** Executes all runs of a plan, one after the other, and writes what came out. */
public final class Experiment {

    /** Start and stop of a cluster, submission, probes and analysis. */
    private static final Duration OVERHEAD = Duration.ofSeconds(35);

    private final ExperimentPlan plan;
    private final Distributions distributions;
    private final PrintWriter console;

    /** Prepares an experiment; progress and tables go to {@code console}. */
    public Experiment(ExperimentPlan plan, Distributions distributions, PrintWriter console) {
        this.plan = plan;
        this.distributions = distributions;
        this.console = console;
    }

    /** How long a run will take, roughly. */
    public static Duration expectedPerRun(ExperimentPlan plan) {
        return OVERHEAD
                .plus(ReferenceJob.fillTime(plan))
                .plus(plan.warmup())
                .plus(plan.base())
                .plus(plan.checkpointInterval())
                .plus(plan.horizon());
    }

    /**
     * Runs every engine as often as there are pairs.
     *
     * @return whether all goals that could be judged are met
     */
    public boolean run() throws IOException, InterruptedException, TimeoutException {
        List<RunSpec> specs = RunMatrix.of(plan.arms(), plan.pairs(), plan.seed());
        Path out = Files.createDirectories(plan.out()).toAbsolutePath();
        Progress progress = new Progress(console, specs.size(), expectedPerRun(plan));
        console.printf(
                "%s, %s of state on %s, %d -> %d, %d records/s, %d pairs%n",
                plan.workload(),
                Sizes.format(plan.stateBytes()),
                plan.backend(),
                plan.from(),
                plan.to(),
                plan.rate(),
                plan.pairs());
        List<RunResult> results = new ArrayList<>();
        for (RunSpec spec : specs) {
            progress.starting(spec.directoryName());
            Path directory = RunDirectory.fresh(out.resolve(spec.directoryName()));
            results.add(
                    new RescaleRun(plan, distributions, spec, progress, directory).execute());
            progress.finished();
            write(out, results);
        }
        List<GoalResult> goals = Goals.judge(results, plan.seed());
        console.println();
        console.println(ResultTable.of(results, goals));
        console.println("Results are in " + plan.out());
        console.flush();
        return goals.stream().allMatch(GoalResult::met);
    }

    /** Writes after every run, so that an interrupted experiment leaves what it has. */
    private void write(Path out, List<RunResult> results) throws IOException {
        List<GoalResult> goals = Goals.judge(results, plan.seed());
        Files.writeString(
                out.resolve("summary.json"), SummaryJson.of(plan, results, goals));
        Files.writeString(out.resolve("latency.csv"), LatencyCsv.of(results));
        Files.writeString(out.resolve("latency.svg"), RescaleDrawing.of(plan, results));
    }
}
