package dev.tern.experiments.rest;

import dev.tern.experiments.cluster.LocalCluster;
import dev.tern.experiments.cluster.Poll;

import java.time.Duration;
import java.util.List;

/** A rescale as a user at the command line asks for it. */
public final class RescaleByHand {

    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final Duration OFTEN = Duration.ofMillis(200);

    private RescaleByHand() {}

    /** Rescales a vertex with {@code flink rescale --wait} and judges whether it was live. */
    public static LiveProof of(LocalCluster cluster, JobRest job, String vertexId, int parallelism)
            throws Exception {
        JobPicture before = job.picture();
        cluster.flink(
                        List.of(
                                "rescale",
                                job.jobId(),
                                "-v",
                                vertexId,
                                "-p",
                                String.valueOf(parallelism),
                                "--wait"),
                        PATIENCE,
                        line -> {})
                .orThrow();
        Poll.until("all subtasks to run", PATIENCE, OFTEN, job::isRunning);
        return LiveProof.judge(before, job.picture(), vertexId, parallelism);
    }
}
