package dev.tern.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.rescale.control.TaskCommand;
import dev.tern.rescale.request.RescaleOutcome;
import dev.tern.rescale.request.RescaleState;

import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.jobgraph.JobGraph;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * New subtasks need what they are told. Rescales that {@link SeveralVerticesITCase} shows to work
 * fail here, because a command is answered but not carried out; and the job loses nothing.
 */
class NeededMessagesITCase {

    private static final long RECORDS = 60_000;
    private static final double RATE = 5_000;

    @TempDir private static Path directory;

    private static Configuration configuration;
    private static RescalableCluster cluster;

    private final AtomicInteger leftOut = new AtomicInteger();
    private String run;

    @BeforeAll
    static void startCluster() throws Exception {
        configuration = RescalableCluster.configuration(directory);
        configuration.set(CheckpointingOptions.CHECKPOINTING_TIMEOUT, Duration.ofSeconds(5));
        cluster = new RescalableCluster(configuration, 4);
    }

    @AfterAll
    static void stopCluster() throws Exception {
        cluster.close();
    }

    @AfterEach
    void endJob() throws Exception {
        cluster.endJob();
    }

    /** Flink's partitioner, with which they start, does not know who owns what in AGAIN. */
    @Test
    void withoutRoutesNewSubtasksSendRecordsToStrangers() throws Exception {
        Injection injection = start("needed-routes");
        assertThat(cluster.rescale(CountingJob.AGAIN, 3).outcome())
                .isEqualTo(RescaleOutcome.COMPLETED);
        leaveOut(injection, TaskCommand.CommitRoutes.class);
        cluster.rescale(CountingJob.COUNT, 4);
        assertThat(leftOut).hasPositiveValue();
        RescalableCluster.waitUntil(
                "AGAIN refuses a record",
                () -> failures().contains("which does not own it"),
                this::failures);
        finish();
    }

    /**
     * A new subtask blocks channels of new producers until all of its channels have been restored, and
     * those of old producers do not say that they are: no barrier would ever come through.
     */
    @Test
    void withoutSettlingNewSubtasksBlockTheirChannelsForEver() throws Exception {
        Injection injection = start("needed-settling");
        leaveOut(injection, TaskCommand.SettleInput.class);
        cluster.awaitEnd(
                cluster.rescaleOfPut(Map.of(CountingJob.COUNT, 4, CountingJob.AGAIN, 3)));
        assertThat(leftOut).hasPositiveValue();
        RescalableCluster.waitUntil(
                "a checkpoint fails",
                () -> failures().contains("Exceeded checkpoint tolerable failure threshold"),
                this::failures);
        finish();
    }

    private Injection start(String name) throws Exception {
        run = name;
        JobGraph graph =
                CountingJob.graph(
                        configuration, run, RECORDS, RATE, Rescaled.KEYED_VERTICES, Map.of());
        cluster.submit(graph);
        cluster.awaitRunning();
        RescalableCluster.waitUntil(
                "records flow", () -> Observations.of(run).records() > 300);
        cluster.awaitCheckpoint();
        return Injection.of(graph.getJobID());
    }

    /** New subtasks answer such commands and do nothing. */
    private void leaveOut(Injection injection, Class<? extends TaskCommand> command) {
        injection.rewrite(
                sent -> {
                    if (!command.isInstance(sent)
                            || injection.state() != RescaleState.GROW_DOWNSTREAM) {
                        return sent;
                    }
                    leftOut.incrementAndGet();
                    return new TaskCommand.Ping();
                });
    }

    /** What the job has failed of. */
    private String failures() throws Exception {
        return cluster.rest("GET", "/exceptions", "");
    }

    private void finish() throws Exception {
        RescalableCluster.waitUntil(
                "the job runs again", () -> cluster.restarts(CountingJob.CHECK) > 0);
        Pace.hurry(run);
        cluster.awaitResult();
        Observations observed = Observations.of(run);
        assertThat(observed.distinct()).isEqualTo(2 * RECORDS);
        assertThat(observed.keysWithHoles()).isZero();
        assertThat(observed.notes()).isEmpty();
    }
}
