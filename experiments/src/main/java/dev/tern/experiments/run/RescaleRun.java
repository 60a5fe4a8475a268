package dev.tern.experiments.run;

import dev.tern.examples.measure.ArrivalLog;
import dev.tern.examples.measure.EpochMicros;
import dev.tern.examples.measure.JitterProbe;
import dev.tern.examples.measure.RunAnalysis;
import dev.tern.examples.measure.RunFigures;
import dev.tern.examples.measure.Schedule;
import dev.tern.examples.measure.Span;
import dev.tern.experiments.cluster.LocalCluster;
import dev.tern.experiments.cluster.Poll;
import dev.tern.experiments.matrix.RunSpec;
import dev.tern.experiments.measure.CpuTimes;
import dev.tern.experiments.measure.FloorProbes;
import dev.tern.experiments.measure.Floors;
import dev.tern.experiments.options.Distributions;
import dev.tern.experiments.options.ExperimentPlan;
import dev.tern.experiments.report.Progress;
import dev.tern.experiments.report.RunResult;
import dev.tern.experiments.rest.CheckpointView;
import dev.tern.experiments.rest.JobPicture;
import dev.tern.experiments.rest.JobRest;
import dev.tern.experiments.rest.LiveProof;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeoutException;

/**
 * One run: a cluster of its own, the job, the fill, the base window, the rescale, the horizon, the
 * analysis. All effects are here; what is decided is decided elsewhere.
 */
final class RescaleRun {

    /** Records due later than this before the end are not expected to have come out. */
    private static final Duration DRAIN = Duration.ofSeconds(3);

    private static final Duration PHASE_TIMEOUT = Duration.ofMinutes(10);

    private final ExperimentPlan plan;
    private final Distributions distributions;
    private final RunSpec spec;
    private final Progress progress;
    private final Path directory;
    private final Path latencyDirectory;

    RescaleRun(
            ExperimentPlan plan,
            Distributions distributions,
            RunSpec spec,
            Progress progress,
            Path directory) {
        this.plan = plan;
        this.distributions = distributions;
        this.spec = spec;
        this.progress = progress;
        this.directory = directory;
        this.latencyDirectory = directory.resolve("latency");
    }

    /** What was seen between submission and cancellation. */
    private record Observation(
            Span base,
            Span horizon,
            long expectedRecords,
            Schedule schedule,
            RescaleTrigger.Outcome outcome,
            LiveProof proof,
            long numRestarts,
            double checkpointMillis,
            double jitterMillis,
            double cpuShare) {}

    /** Executes the run. */
    RunResult execute() throws IOException, InterruptedException, TimeoutException {
        Floors before = FloorProbes.probe();
        Observation seen;
        try (LocalCluster cluster =
                        ReferenceCluster.start(
                                plan, distributions, spec.engine(), Map.of(), directory);
                JitterProbe jitter = JitterProbe.start()) {
            progress.step("cluster of " + ReferenceCluster.TASK_MANAGERS + " TaskManagers is up");
            seen = observe(cluster, jitter);
        }
        Floors after = FloorProbes.probe();
        RunResult result = analyse(seen, before, after);
        RunDirectory.delete(latencyDirectory);
        RunDirectory.delete(directory.resolve("checkpoints"));
        return result;
    }

    private Observation observe(LocalCluster cluster, JitterProbe jitter)
            throws IOException, InterruptedException, TimeoutException {
        JobRest job =
                ReferenceCluster.submit(
                        cluster,
                        distributions,
                        ReferenceJob.openLoop(plan, spec.seed(), latencyDirectory),
                        () -> Schedule.existsIn(latencyDirectory));
        Schedule schedule = Schedule.read(latencyDirectory);
        progress.step("filling " + plan.keys() + " keys, then warming up");
        awaitTime(schedule.steadyStartMicros() + micros(plan.warmup()));

        progress.step("base window");
        long baseStart = EpochMicros.now();
        CpuTimes cpu = CpuTimes.now();
        Poll.pause(plan.base());
        RescaleTrigger trigger = new RescaleTrigger(spec.arm(), plan.placement(), job);
        JobPicture before = job.picture();
        String vertexId = before.vertexNamed(ReferenceJob.COUNTER).id();
        trigger.awaitCheckpoint();
        double cpuShare = CpuTimes.now().shareSince(cpu);

        long triggered = EpochMicros.now();
        RescaleTrigger.Outcome outcome = trigger.rescale(vertexId, plan.to(), plan.horizon());
        progress.step(
                String.format(
                        "rescaled %d -> %d in %.0f ms",
                        plan.from(), plan.to(), outcome.durationMillis()));
        Span horizon = new Span(triggered, triggered + micros(plan.horizon()));
        awaitTime(horizon.toMicros() + micros(DRAIN));
        cluster.checkAlive();
        long expected = schedule.dueAt(EpochMicros.now() - micros(DRAIN));
        JobPicture after = job.picture();
        double checkpointMillis = meanCheckpointMillis(job);
        double jitterMillis = jitter.maxMillis(horizon);
        cancel(job);
        return new Observation(
                new Span(baseStart, triggered),
                horizon,
                expected,
                schedule,
                outcome,
                LiveProof.judge(before, after, vertexId, plan.to()),
                after.numRestarts(),
                checkpointMillis,
                jitterMillis,
                cpuShare);
    }

    private static void cancel(JobRest job)
            throws IOException, InterruptedException, TimeoutException {
        job.cancel();
        Poll.until(
                "the end of job " + job.jobId(),
                ReferenceCluster.START_TIMEOUT,
                ReferenceCluster.OFTEN,
                () -> job.state().equals("CANCELED"));
    }

    private static double meanCheckpointMillis(JobRest job) throws IOException {
        return job.checkpoints().stream()
                .filter(CheckpointView::isCompleted)
                .mapToLong(CheckpointView::durationMillis)
                .average()
                .orElse(Double.NaN);
    }

    private RunResult analyse(Observation seen, Floors before, Floors after) throws IOException {
        progress.step("analysing");
        RunAnalysis analysis =
                RunAnalysis.of(
                        ArrivalLog.read(latencyDirectory),
                        seen.schedule(),
                        seen.expectedRecords());
        RunFigures figures =
                RunFigures.of(analysis, seen.base(), seen.horizon(), plan.from());
        return ResultAssembly.of(
                spec,
                figures,
                ResultAssembly.rescale(
                        seen.outcome(), seen.checkpointMillis(), seen.numRestarts()),
                seen.outcome().strategy(),
                seen.proof(),
                new RunResult.Machine(seen.jitterMillis(), seen.cpuShare(), before, after),
                ResultAssembly.series(analysis, seen.base(), seen.horizon()));
    }

    private static void awaitTime(long epochMicros)
            throws InterruptedException, TimeoutException {
        Poll.until(
                "a point in time",
                PHASE_TIMEOUT,
                ReferenceCluster.OFTEN,
                () -> EpochMicros.now() >= epochMicros);
    }

    private static long micros(Duration time) {
        return time.toNanos() / 1000;
    }
}
