package dev.tern.processes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.experiments.cluster.JobSubmission;
import dev.tern.experiments.cluster.LocalCluster;
import dev.tern.experiments.cluster.Poll;
import dev.tern.experiments.rest.CheckpointView;
import dev.tern.experiments.rest.JobRest;
import dev.tern.experiments.rest.RescaleView;
import dev.tern.experiments.rest.VertexView;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The job of unbroken sequences in a cluster of processes, seen over REST. */
final class SequencesJob {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration OFTEN = Duration.ofMillis(20);

    private final LocalCluster cluster;
    private final JobRest rest;
    private final String check;

    private SequencesJob(LocalCluster cluster, JobRest rest, String check) {
        this.cluster = cluster;
        this.rest = rest;
        this.check = check;
    }

    /**
     * Submits the job and waits for a checkpoint of it.
     *
     * @param holdFile while it exists no state is sent to another TaskManager
     */
    static SequencesJob start(
            LocalCluster cluster, Path jar, int parallelism, int perSecond, Path holdFile)
            throws Exception {
        String id =
                JobSubmission.submit(
                        cluster,
                        List.of("-p", String.valueOf(parallelism)),
                        jar,
                        List.of(String.valueOf(perSecond), holdFile.toString()));
        JobRest rest = new JobRest(cluster.rest(), id);
        Poll.until("the job to run", PATIENCE, OFTEN, rest::isRunning);
        SequencesJob job =
                new SequencesJob(cluster, rest, rest.picture().vertexNamed("check").id());
        job.awaitCheckpoint();
        return job;
    }

    JobRest rest() {
        return rest;
    }

    void put(int parallelism) throws IOException {
        rest.putUpperBound(check, parallelism);
    }

    int wanted() throws IOException {
        return cluster.rest()
                .get("/jobs/" + rest.jobId() + "/resource-requirements")
                .path(check)
                .path("parallelism")
                .path("upperBound")
                .asInt();
    }

    /** Waits until the newest rescale is in a state. */
    void awaitState(String state) throws Exception {
        Poll.until("a rescale in " + state, PATIENCE, OFTEN, () -> state().equals(state));
    }

    private String state() throws IOException {
        List<RescaleView> rescales = rest.rescales();
        return rescales.isEmpty()
                ? ""
                : cluster.rest()
                        .get(
                                "/jobs/"
                                        + rest.jobId()
                                        + "/rescales/details/"
                                        + rescales.get(0).id())
                        .path("state")
                        .asText();
    }

    /** Waits until the newest of so many rescales is over. */
    RescaleView awaitRescales(int count) throws Exception {
        Poll.until(
                count + " rescales",
                PATIENCE,
                OFTEN,
                () -> rest.rescales().size() >= count && rest.rescales().get(0).isOver());
        return rest.rescales().get(0);
    }

    /** Waits until the job runs at this parallelism and makes progress there. */
    void awaitRunningAt(int parallelism) throws Exception {
        Poll.until(
                "the job to run at " + parallelism,
                PATIENCE,
                OFTEN,
                () -> {
                    VertexView vertex = rest.vertex(check);
                    return vertex.parallelism() == parallelism
                            && vertex.isRunning()
                            && rest.isRunning();
                });
        awaitCheckpoint();
    }

    /** Waits for a checkpoint that was triggered from now on. */
    void awaitCheckpoint() throws Exception {
        long last = newestCheckpoint();
        Poll.until("new checkpoints", PATIENCE, OFTEN, () -> newestCheckpoint() > last + 1);
    }

    private long newestCheckpoint() throws IOException {
        return rest.checkpoints().stream()
                .filter(CheckpointView::isCompleted)
                .mapToLong(CheckpointView::id)
                .max()
                .orElse(0);
    }

    /** No sequence was broken; the job says so with an exception. */
    void assertExact() throws IOException {
        JsonNode exceptions = cluster.rest().get("/jobs/" + rest.jobId() + "/exceptions");
        assertThat(exceptions.toString()).doesNotContain("and got");
    }
}
