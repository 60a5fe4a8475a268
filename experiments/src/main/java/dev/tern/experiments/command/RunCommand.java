package dev.tern.experiments.command;

import dev.tern.experiments.matrix.Engine;
import dev.tern.experiments.matrix.RunMatrix;
import dev.tern.experiments.matrix.RunSpec;
import dev.tern.experiments.options.Distributions;
import dev.tern.experiments.options.ExperimentPlan;
import dev.tern.experiments.options.Sizes;
import dev.tern.experiments.run.Experiment;
import dev.tern.experiments.run.ThroughputExperiment;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** The command line of {@code experiments/run.sh}. */
@Command(
        name = "run",
        description = "Rescales the same job on several engines and compares what a user sees.",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        sortOptions = false)
public final class RunCommand implements Callable<Integer> {

    private static final Duration SMOKE_WARMUP = Duration.ofSeconds(4);
    private static final Duration SMOKE_BASE = Duration.ofSeconds(10);
    private static final Duration SMOKE_HORIZON = Duration.ofSeconds(20);
    private static final Duration SMOKE_CHECKPOINTS = Duration.ofSeconds(3);
    private static final long SMOKE_STATE = 32L << 20;
    private static final int SMOKE_RATE = 2_000;

    @Spec private CommandSpec spec;

    @Option(names = "--workload", defaultValue = "keycount", description = "The job.")
    private String workload;

    @Option(
            names = "--engine",
            defaultValue = "tern,stock",
            description =
                    "What to compare: tern, stock, stock-ingest (RocksDB), stock-default;"
                            + " separated by commas.")
    private String engines;

    @Option(names = "--backend", defaultValue = "heap", description = "heap or rocksdb.")
    private String backend;

    @Option(names = "--state", defaultValue = "1g", description = "Size of the keyed state.")
    private String state;

    @Option(names = "--from", defaultValue = "2", description = "Parallelism before.")
    private int from;

    @Option(names = "--to", defaultValue = "4", description = "Parallelism after.")
    private int to;

    @Option(names = "--pairs", defaultValue = "3", description = "Runs of each engine.")
    private int pairs;

    @Option(names = "--rate", defaultValue = "5000", description = "Offered records a second.")
    private int rate;

    @Option(
            names = "--strategy",
            defaultValue = "stepwise",
            description = "Strategies of tern, separated by commas: one run of a pair for each.")
    private String strategies;

    @Option(names = "--placement", defaultValue = "minimal", description = "For tern.")
    private String placement;

    @Option(names = "--seed", defaultValue = "1", description = "Of order, data and bootstrap.")
    private long seed;

    @Option(names = "--warmup", defaultValue = "20", description = "Seconds after the fill.")
    private int warmup;

    @Option(
            names = "--base",
            defaultValue = "30",
            description = "Seconds of the base window; it ends at the next completed checkpoint.")
    private int base;

    @Option(names = "--horizon", defaultValue = "60", description = "Seconds after the trigger.")
    private int horizon;

    @Option(
            names = "--checkpoint-interval",
            defaultValue = "10",
            description = "Seconds between checkpoints.")
    private int checkpointInterval;

    @Option(
            names = "-D",
            description = "A Flink option (key=value) for the cluster of every engine; repeatable.")
    private Map<String, String> flinkOptions = new LinkedHashMap<>();

    @Option(
            names = "--out",
            defaultValue = "experiments/results/run",
            description = "Directory for summary.json, latency.csv, latency.svg and the logs.")
    private Path out;

    @Option(
            names = "--smoke",
            description = "One small, short pair: 32 MB, 2000 records/s, 20 s horizon.")
    private boolean smoke;

    @Option(
            names = "--throughput",
            description =
                    "Saturated throughput instead of latency: without a rescale and after 20.")
    private boolean throughput;

    @Option(names = "--dry-run", description = "Print what would run and how long it takes.")
    private boolean dryRun;

    @Option(names = "--tern-dist", required = true, description = "Our distribution.")
    private Path ternDistribution;

    @Option(names = "--stock-dist", required = true, description = "The stock distribution.")
    private Path stockDistribution;

    @Override
    public Integer call() throws Exception {
        ExperimentPlan plan = plan();
        PrintWriter console = spec.commandLine().getOut();
        Distributions distributions = new Distributions(ternDistribution, stockDistribution);
        if (dryRun) {
            List<RunSpec> runs = RunMatrix.of(plan.arms(), plan.pairs(), plan.seed());
            runs.forEach(run -> console.println(run.directoryName() + " seed " + run.seed()));
            Duration all = Experiment.expectedPerRun(plan).multipliedBy(runs.size());
            console.printf("%d runs, about %d minutes.%n", runs.size(), all.toMinutes() + 1);
            return 0;
        }
        boolean met =
                throughput
                        ? new ThroughputExperiment(plan, distributions, console).run()
                        : new Experiment(plan, distributions, console).run();
        return met ? 0 : 1;
    }

    private ExperimentPlan plan() {
        try {
            return new ExperimentPlan(
                    workload,
                    Arrays.stream(engines.split(",")).map(Engine::fromLabel).toList(),
                    backend,
                    smoke && isDefault("--state") ? SMOKE_STATE : Sizes.parse(state),
                    from,
                    to,
                    smoke && isDefault("--pairs") ? 1 : pairs,
                    smoke && isDefault("--rate") ? SMOKE_RATE : rate,
                    Arrays.stream(strategies.split(",")).map(String::trim).toList(),
                    placement,
                    seed,
                    orSmoke("--warmup", warmup, SMOKE_WARMUP),
                    orSmoke("--base", base, SMOKE_BASE),
                    orSmoke("--horizon", horizon, SMOKE_HORIZON),
                    orSmoke("--checkpoint-interval", checkpointInterval, SMOKE_CHECKPOINTS),
                    flinkOptions,
                    out);
        } catch (IllegalArgumentException wrong) {
            throw new ParameterException(spec.commandLine(), wrong.getMessage(), wrong);
        }
    }

    private Duration orSmoke(String option, int seconds, Duration smoked) {
        return smoke && isDefault(option) ? smoked : Duration.ofSeconds(seconds);
    }

    private boolean isDefault(String option) {
        return !spec.commandLine().getParseResult().hasMatchedOption(option);
    }
}
