package dev.tern.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.rescale.config.RescaleOptions;
import dev.tern.rescale.request.RescaleMode;
import dev.tern.rescale.request.RescaleOutcome;
import dev.tern.rescale.request.RescaleRecord;
import dev.tern.rescale.request.RescaleRequest;
import dev.tern.rescale.request.RescaleTrigger;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.JobManagerOptions;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** What happens when there are fewer slots than wanted: two TaskManagers with two slots each. */
class SlotsITCase {

    private static final long RECORDS = 200_000;

    @TempDir private Path directory;

    private RescalableCluster cluster;
    private String run;
    private Observations observed;

    @AfterEach
    void stop() throws Exception {
        cluster.close();
    }

    @Test
    void aRescaleWithoutSlotsIsRefusedAndNeverDoneInPart() throws Exception {
        Configuration configuration = configuration(Duration.ofMillis(700));
        start(configuration, "without");
        RescaleRecord refused =
                cluster.rescale(RescaleRequest.of(CountingJob.COUNT, 6, null, null, false, false));
        assertThat(refused.outcome()).isEqualTo(RescaleOutcome.ABORTED);
        assertThat(refused.error())
                .isEqualTo(
                        "COUNT needs 4 further slot(s) for 6 subtasks, and 2 came within 700 ms"
                                + " (rescale.slot-timeout). Start TaskManagers or ask for less.");
        assertThat(cluster.parallelism(CountingJob.COUNT)).isEqualTo(2);
        assertThat(cluster.upperBound(CountingJob.COUNT)).isEqualTo(2);

        RescaleRecord next =
                cluster.rescale(RescaleRequest.of(CountingJob.COUNT, 4, null, null, false, false));
        assertThat(next.outcome()).as("%s", next).isEqualTo(RescaleOutcome.COMPLETED);
        assertThat(cluster.history()).hasSize(2);
        assertNothingLost();
    }

    @Test
    void aTaskManagerThatJoinsInTimeIsUsedAtOnce() throws Exception {
        start(configuration(Duration.ofSeconds(30)), "joins");
        String id =
                cluster.accepted(
                        RescaleRequest.of(CountingJob.COUNT, 6, null, null, false, false));
        assertThat(cluster.record(id).outcome()).isEqualTo(RescaleOutcome.IN_PROGRESS);
        assertThat(
                        cluster.refusal(
                                RescaleRequest.of(CountingJob.CHECK, 3, null, null, false, false)))
                .contains("is being rescaled");
        cluster.cluster().startTaskManager();
        RescaleRecord rescale = cluster.awaitEnd(id);
        assertThat(rescale.outcome()).as("%s", rescale).isEqualTo(RescaleOutcome.COMPLETED);
        assertThat(rescale.mode()).isEqualTo(RescaleMode.LIVE);
        assertThat(cluster.parallelism(CountingJob.COUNT)).isEqualTo(6);
        observed.forgetServers();
        RescalableCluster.waitUntil("all subtasks serve", () -> observed.servers().size() == 6);
        assertNothingLost();
    }

    @Test
    void newRequirementsOvertakeARescaleThatWaitsForSlots() throws Exception {
        start(configuration(Duration.ofSeconds(30)), "overtaken");
        String id =
                cluster.accepted(
                        RescaleRequest.of(CountingJob.COUNT, 6, null, null, false, false));
        cluster.putUpperBounds(Map.of(CountingJob.COUNT, 3));
        RescaleRecord overtaken = cluster.awaitEnd(id);
        assertThat(overtaken.outcome()).isEqualTo(RescaleOutcome.IGNORED);
        assertThat(overtaken.error()).contains("Overtaken by new resource requirements");
        // The graph has 3 subtasks before the rescale is over; the input must not end before that.
        awaitParallelism(3);
        assertNothingLost();
    }

    @Test
    void requirementsAreMetAsFarAsThereAreSlotsAndFinishedWhenTheyCome() throws Exception {
        Configuration configuration = configuration(Duration.ofSeconds(30));
        configuration.set(
                JobManagerOptions.SCHEDULER_EXECUTING_COOLDOWN_AFTER_RESCALING,
                Duration.ofMillis(50));
        configuration.set(
                JobManagerOptions.SCHEDULER_EXECUTING_RESOURCE_STABILIZATION_TIMEOUT,
                Duration.ofMillis(200));
        configuration.set(
                JobManagerOptions.SCHEDULER_RESCALE_TRIGGER_MAX_DELAY, Duration.ofMillis(50));
        start(configuration, "partly");
        cluster.putUpperBounds(Map.of(CountingJob.COUNT, 6));
        awaitParallelism(4);
        cluster.cluster().startTaskManager();
        awaitParallelism(6);
        List<RescaleRecord> history = cluster.history();
        assertThat(history)
                .extracting(RescaleRecord::mode)
                .containsExactly(RescaleMode.LIVE, RescaleMode.LIVE);
        assertThat(history)
                .extracting(RescaleRecord::trigger)
                .containsExactly(
                        RescaleTrigger.NEW_RESOURCE_AVAILABLE, RescaleTrigger.UPDATE_REQUIREMENT);
        assertNothingLost();
    }

    private void awaitParallelism(int parallelism) throws Exception {
        RescalableCluster.waitUntil(
                "the job is rescaled to " + parallelism,
                () ->
                        !cluster.history().isEmpty()
                                && cluster.history().get(0).to() == parallelism
                                && cluster.history().get(0).outcome().isTerminal(),
                cluster::history);
        assertThat(cluster.history().get(0).outcome())
                .as("%s", cluster.history().get(0))
                .isEqualTo(RescaleOutcome.COMPLETED);
        assertThat(cluster.parallelism(CountingJob.COUNT)).isEqualTo(parallelism);
    }

    private Configuration configuration(Duration slotTimeout) {
        Configuration configuration = RescalableCluster.configuration(directory);
        configuration.set(RescaleOptions.SLOT_TIMEOUT, slotTimeout);
        return configuration;
    }

    private void start(Configuration configuration, String name) throws Exception {
        run = "slots-" + name;
        cluster = new RescalableCluster(configuration, 2);
        cluster.submit(CountingJob.graph(configuration, run, RECORDS, 5_000));
        cluster.awaitRunning();
        observed = Observations.of(run);
        RescalableCluster.waitUntil("records flow", () -> observed.records() > 500);
    }

    private void assertNothingLost() throws Exception {
        assertThat(cluster.restarts(CountingJob.CHECK)).isZero();
        Pace.hurry(run);
        cluster.awaitResult();
        assertThat(observed.distinct()).isEqualTo(RECORDS);
        assertThat(observed.keysWithHoles()).isZero();
        assertThat(observed.duplicates()).isZero();
    }
}
