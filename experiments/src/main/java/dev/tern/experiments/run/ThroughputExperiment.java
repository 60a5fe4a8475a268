package dev.tern.experiments.run;

import dev.tern.experiments.matrix.AbbaOrder;
import dev.tern.experiments.matrix.ThroughputArm;
import dev.tern.experiments.options.Distributions;
import dev.tern.experiments.options.ExperimentPlan;
import dev.tern.experiments.report.Progress;
import dev.tern.experiments.report.ThroughputReport;
import dev.tern.experiments.report.ThroughputResult;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;

/** Compares saturated throughput at one parallelism: tern, stock, and stock once more. */
public final class ThroughputExperiment {

    private static final Duration OVERHEAD = Duration.ofSeconds(95);

    private final ExperimentPlan plan;
    private final Distributions distributions;
    private final PrintWriter console;

    /** Prepares an experiment; progress and tables go to {@code console}. */
    public ThroughputExperiment(
            ExperimentPlan plan, Distributions distributions, PrintWriter console) {
        this.plan = plan;
        this.distributions = distributions;
        this.console = console;
    }

    /**
     * Runs every arm as often as there are pairs.
     *
     * @return whether tern is not inferior, without a rescale and after the rescales
     */
    public boolean run() throws IOException, InterruptedException, TimeoutException {
        List<ThroughputArm> arms = List.of(ThroughputArm.values());
        Path out = Files.createDirectories(plan.out()).toAbsolutePath();
        Duration perRun =
                OVERHEAD.plus(plan.warmup().multipliedBy(2)).plus(plan.base().multipliedBy(2));
        Progress progress = new Progress(console, arms.size() * plan.pairs(), perRun);
        List<ThroughputResult> results = new ArrayList<>();
        List<List<ThroughputArm>> order = AbbaOrder.of(arms, plan.pairs(), plan.seed());
        for (int pair = 0; pair < plan.pairs(); pair++) {
            for (ThroughputArm arm : order.get(pair)) {
                String name = "throughput-pair-" + pair + "-" + arm.label();
                progress.starting(name);
                Path directory = RunDirectory.fresh(out.resolve(name));
                results.add(
                        new ThroughputRun(plan, distributions, arm, pair, progress)
                                .execute(directory));
                progress.finished();
            }
        }
        List<ThroughputReport.Comparison> comparisons =
                ThroughputReport.compare(results, plan.seed());
        Files.writeString(
                out.resolve("throughput.json"), ThroughputReport.json(results, comparisons));
        console.println();
        console.println(ThroughputReport.table(results, comparisons));
        console.flush();
        return comparisons.stream().allMatch(ThroughputReport.Comparison::met);
    }
}
