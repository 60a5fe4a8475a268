package dev.tern.experiments.quickstart;

import dev.tern.examples.measure.ArrivalLog;
import dev.tern.examples.measure.EpochMicros;
import dev.tern.examples.measure.RunAnalysis;
import dev.tern.examples.measure.Schedule;
import dev.tern.experiments.cluster.ClusterSettings;
import dev.tern.experiments.cluster.JobSubmission;
import dev.tern.experiments.cluster.LocalCluster;
import dev.tern.experiments.cluster.Poll;
import dev.tern.experiments.cluster.RescaleByHand;
import dev.tern.experiments.rest.JobPicture;
import dev.tern.experiments.rest.JobRest;
import dev.tern.experiments.rest.LiveProof;
import dev.tern.experiments.rest.RescaleView;
import dev.tern.experiments.run.ResultAssembly;
import dev.tern.experiments.run.RunDirectory;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;

/** The first thing a newcomer runs: a job over real text that is rescaled while it counts. */
public final class Quickstart {

    private static final Duration OFTEN = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final int TASK_MANAGERS = 2;
    private static final int SLOTS = 2;
    private static final int HEAP_MIB = 768;
    private static final int START_PARALLELISM = 2;
    private static final int KEY_GROUPS = 128;
    private static final String COUNTER = "Counter";
    private static final String SPLITTER = "Splitter";
    private static final long REPORT_MICROS = 10_000_000;

    /** Time for the job to start before the first word is due, so that nothing has to catch up. */
    private static final int START_DELAY_MILLIS = 8_000;

    /** When, as a share of the replay, and to which parallelism. */
    private static final List<Step> STEPS = List.of(new Step(0.35, 4), new Step(0.65, 3));

    private final Path distribution;
    private final Path text;
    private final int seconds;
    private final Path out;
    private final PrintWriter console;
    private final long startNanos = System.nanoTime();

    private record Step(double share, int parallelism) {}

    private record Done(RescaleView view, LiveProof proof) {}

    /**
     * Prepares a run.
     *
     * @param distribution the distribution to start
     * @param text the text to count
     * @param seconds how long its replay takes
     * @param out receives the results
     * @param console for progress and the final table
     */
    public Quickstart(
            Path distribution, Path text, int seconds, Path out, PrintWriter console) {
        this.distribution = distribution;
        this.text = text.toAbsolutePath();
        this.seconds = seconds;
        this.out = out;
        this.console = console;
    }

    /**
     * Runs it.
     *
     * @return whether all counts are right and every rescale was live
     */
    public boolean run() throws IOException, InterruptedException, TimeoutException {
        Path directory = RunDirectory.fresh(out);
        say("counting the words of " + text.getFileName() + " without Flink");
        WordCensus census = WordCensus.of(text);
        long rate = Math.max(1, census.words() / seconds);
        say(
                String.format(
                        "%,d words, %,d different; the job gets %,d a second for %d s",
                        census.words(), census.counts().size(), rate, seconds));
        ClusterSettings settings =
                new ClusterSettings(
                        TASK_MANAGERS,
                        SLOTS,
                        HEAP_MIB,
                        Map.of("execution.checkpointing.interval", "10 s"));
        QuickstartReport report;
        try (LocalCluster cluster = LocalCluster.start(distribution, settings, directory)) {
            say("1 JobManager and 2 TaskManagers are up, dashboard " + cluster.rest().address());
            report = watch(cluster, directory, census, rate);
        }
        Files.writeString(directory.resolve("summary.json"), report.json());
        Files.writeString(directory.resolve("latency.svg"), report.svg());
        RunDirectory.delete(directory.resolve("latency"));
        console.println();
        console.println(report.table());
        console.println("results: " + out.resolve("summary.json") + ", latency.svg");
        report.complaints().forEach(complaint -> console.println("FAILED: " + complaint));
        console.flush();
        return report.complaints().isEmpty();
    }

    private QuickstartReport watch(
            LocalCluster cluster, Path directory, WordCensus census, long rate)
            throws IOException, InterruptedException, TimeoutException {
        Path latency = directory.resolve("latency");
        Path output = directory.resolve("output");
        JobRest job = submit(cluster, latency, output, rate);
        Schedule schedule = Schedule.read(latency);
        List<Done> done = new ArrayList<>();
        String vertexId = job.picture().vertexNamed(COUNTER).id();
        for (Step step : STEPS) {
            long at = schedule.startMicros() + (long) (step.share() * seconds * 1e6);
            follow(job, vertexId, census.words(), at);
            done.add(rescale(cluster, job, vertexId, step.parallelism()));
        }
        long latest = schedule.startMicros() + seconds * 1_000_000L + PATIENCE.toNanos() / 1000;
        follow(job, vertexId, census.words(), latest);
        JobPicture last = job.picture();
        if (!last.state().equals("FINISHED")) {
            throw new IOException(
                    "Job " + job.jobId() + " ended as " + last.state() + ", see " + directory);
        }
        RunAnalysis analysis =
                RunAnalysis.of(ArrivalLog.read(latency), schedule, census.words());
        List<RescaleRow> rows =
                done.stream()
                        .map(each -> RescaleRow.of(each.view(), each.proof(), analysis))
                        .toList();
        return new QuickstartReport(
                census.words(),
                rate,
                rows,
                CountCheck.of(output, census),
                ResultAssembly.oracle(analysis.delivery()),
                last.vertexNamed(SPLITTER).recordsWritten(),
                ResultAssembly.series(analysis, analysis.whole(), schedule.startMicros()),
                schedule.startMicros() / 1000);
    }

    private JobRest submit(LocalCluster cluster, Path latency, Path output, long rate)
            throws IOException, InterruptedException, TimeoutException {
        String jobId =
                JobSubmission.submit(
                        cluster,
                        List.of(),
                        distribution.resolve("examples").resolve("KeyCount.jar"),
                        List.of(
                                "--wordFile", text.toString(),
                                "--rate", String.valueOf(rate),
                                "--counterPar", String.valueOf(START_PARALLELISM),
                                "--counterMaxPara", String.valueOf(KEY_GROUPS),
                                "--sinkInterval", "0",
                                "--startDelay", String.valueOf(START_DELAY_MILLIS),
                                "--latencyDir", latency.toString(),
                                "--output", output.toString()));
        JobRest job = new JobRest(cluster.rest(), jobId);
        Poll.until(
                "job " + jobId + " to run",
                PATIENCE,
                OFTEN,
                () -> job.isRunning() && Schedule.existsIn(latency));
        say("job " + jobId + " counts with " + START_PARALLELISM + " subtasks");
        return job;
    }

    private Done rescale(LocalCluster cluster, JobRest job, String vertexId, int parallelism)
            throws IOException, InterruptedException, TimeoutException {
        cluster.checkAlive();
        say("flink " + String.join(" ", RescaleByHand.command(job, vertexId, parallelism)));
        LiveProof proof =
                RescaleByHand.of(cluster, job, vertexId, parallelism, this::quote);
        RescaleView view = job.rescales().get(0);
        say("proven from REST: " + proof.mode() + " " + proof.evidence());
        return new Done(view, proof);
    }

    private void say(String message) {
        double elapsed = (System.nanoTime() - startNanos) / 1e9;
        console.printf("%6.1f s  %s%n", elapsed, message);
        console.flush();
    }

    private void quote(String line) {
        console.println("          " + line);
        console.flush();
    }

    /** Waits for a point in time, or for the end of the job, and tells how far the job is. */
    private void follow(JobRest job, String counterId, long words, long untilMicros)
            throws IOException, InterruptedException, TimeoutException {
        long nextReport = EpochMicros.now();
        while (EpochMicros.now() < untilMicros && job.state().equals("RUNNING")) {
            if (EpochMicros.now() >= nextReport) {
                JobPicture now = job.picture();
                long counted = now.vertexNamed(SPLITTER).recordsWritten();
                say(
                        String.format(
                                "%,d of %,d words, %d subtasks count",
                                counted, words, now.vertex(counterId).parallelism()));
                nextReport = EpochMicros.now() + REPORT_MICROS;
            }
            Poll.pause(OFTEN);
        }
    }
}
