package dev.tern.experiments.run;

import dev.tern.experiments.cluster.LocalCluster;
import dev.tern.experiments.cluster.Poll;
import dev.tern.experiments.matrix.Arm;
import dev.tern.experiments.matrix.Engine;
import dev.tern.experiments.matrix.ThroughputArm;
import dev.tern.experiments.options.Distributions;
import dev.tern.experiments.options.ExperimentPlan;
import dev.tern.experiments.report.Progress;
import dev.tern.experiments.report.ThroughputResult;
import dev.tern.experiments.rest.JobRest;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;

/**
 * One saturated run: the source is due far more than the job can take, so what the source writes is
 * what the job takes. It is measured in two windows; between them tern is rescaled twenty times and
 * stock is left alone for as long.
 */
final class ThroughputRun {

    /** Rescales between the windows: an even number, so that both are at the same parallelism. */
    static final int RESCALES = 20;

    /** Between two rescales, and what stock waits for each of them. */
    private static final Duration BREAK = Duration.ofSeconds(2);

    private static final Duration RESCALE_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration READING_TIMEOUT = Duration.ofSeconds(30);

    /** A reading may be this old, so it bounds the error of a window. */
    private static final Map<String, String> FRESH_METRICS =
            Map.of("metrics.fetcher.update-interval", "100");

    /** Words per second that no machine takes. */
    private static final int SATURATING_RATE = 50_000_000;

    private final ExperimentPlan plan;
    private final Distributions distributions;
    private final ThroughputArm arm;
    private final int pair;
    private final Progress progress;

    ThroughputRun(
            ExperimentPlan plan,
            Distributions distributions,
            ThroughputArm arm,
            int pair,
            Progress progress) {
        this.plan = plan;
        this.distributions = distributions;
        this.arm = arm;
        this.pair = pair;
        this.progress = progress;
    }

    /** Executes the run in {@code directory}. */
    ThroughputResult execute(Path directory)
            throws IOException, InterruptedException, TimeoutException {
        try (LocalCluster cluster =
                ReferenceCluster.start(
                        plan, distributions, arm.engine(), FRESH_METRICS, directory)) {
            JobRest job =
                    ReferenceCluster.submit(
                            cluster,
                            distributions,
                            ReferenceJob.saturated(plan, plan.seed() + pair, SATURATING_RATE),
                            () -> true);
            progress.step("filling and warming up");
            Poll.pause(ReferenceJob.fillTime(plan).plus(plan.warmup()));
            double early = window(job);
            progress.step(String.format("early %,.0f records/s", early));
            String vertexId = job.picture().vertexNamed(ReferenceJob.COUNTER).id();
            int rescales = rescaleOrWait(job, vertexId);
            Poll.pause(plan.warmup());
            double late = window(job);
            progress.step(String.format("late %,.0f records/s", late));
            cluster.checkAlive();
            return new ThroughputResult(
                    arm, pair, early, late, rescales, job.picture().numRestarts());
        } finally {
            RunDirectory.delete(directory.resolve("checkpoints"));
        }
    }

    /** Records per second that the source has written over the base window. */
    private double window(JobRest job) throws IOException, InterruptedException, TimeoutException {
        Reading before = freshReading(job);
        Poll.pause(plan.base());
        Reading after = freshReading(job);
        return (after.records() - before.records()) * 1e9 / (after.nanos() - before.nanos());
    }

    /** How many records the source had written, and when that was. */
    private record Reading(long records, long nanos) {}

    /**
     * Reads the counter at the moment at which it changes. The JobManager answers from what it
     * fetched last, and fetches anew only because it is asked: a single answer may be as old as the
     * question before it.
     */
    private static Reading freshReading(JobRest job)
            throws IOException, InterruptedException, TimeoutException {
        long fetched = awaitOtherThan(written(job), job);
        long fresh = awaitOtherThan(fetched, job);
        return new Reading(fresh, System.nanoTime());
    }

    private static long awaitOtherThan(long known, JobRest job)
            throws InterruptedException, TimeoutException {
        long[] read = {known};
        Poll.until(
                "a new reading of the source's counter",
                READING_TIMEOUT,
                ReferenceCluster.OFTEN,
                () -> {
                    read[0] = written(job);
                    return read[0] != known;
                });
        return read[0];
    }

    private static long written(JobRest job) throws IOException {
        return job.picture().vertexNamed(ReferenceJob.SOURCE).recordsWritten();
    }

    private int rescaleOrWait(JobRest job, String vertexId)
            throws IOException, InterruptedException, TimeoutException {
        boolean live = arm.engine() == Engine.TERN;
        Arm rescaled = new Arm(arm.engine(), plan.strategies().get(0));
        RescaleTrigger trigger = new RescaleTrigger(rescaled, plan.placement(), job);
        List<Double> millis = new ArrayList<>();
        for (int i = 0; i < RESCALES; i++) {
            if (live) {
                int to = i % 2 == 0 ? plan.from() : plan.to();
                millis.add(
                        trigger.rescale(vertexId, to, RESCALE_TIMEOUT).durationMillis());
            }
            Poll.pause(BREAK);
        }
        if (live) {
            progress.step(
                    String.format(
                            "rescaled %d times, %.0f ms each",
                            RESCALES,
                            millis.stream().mapToDouble(each -> each).average().orElseThrow()));
        }
        return millis.size();
    }
}
