package dev.tern.experiments.cluster;

import dev.tern.experiments.rest.JobPicture;
import dev.tern.experiments.rest.JobRest;
import dev.tern.experiments.rest.LiveProof;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** A rescale as a user at the command line asks for it: {@code flink rescale --wait}. */
public final class RescaleByHand {

    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final Duration OFTEN = Duration.ofMillis(200);

    private RescaleByHand() {}

    /** The arguments of the command. */
    public static List<String> command(JobRest job, String vertexId, int parallelism) {
        return List.of(
                "rescale",
                job.jobId(),
                "-v",
                vertexId,
                "-p",
                String.valueOf(parallelism),
                "--wait");
    }

    /**
     * Rescales a vertex and judges whether that was live.
     *
     * @param lines is told what the command prints
     */
    public static LiveProof of(
            LocalCluster cluster,
            JobRest job,
            String vertexId,
            int parallelism,
            Consumer<String> lines)
            throws IOException, InterruptedException, TimeoutException {
        JobPicture before = job.picture();
        cluster.flink(command(job, vertexId, parallelism), PATIENCE, lines).orThrow();
        Poll.until("all subtasks to run", PATIENCE, OFTEN, job::isRunning);
        return LiveProof.judge(before, job.picture(), vertexId, parallelism);
    }
}
