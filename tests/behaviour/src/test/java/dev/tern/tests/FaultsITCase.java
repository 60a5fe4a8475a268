package dev.tern.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.rescale.config.RescaleOptions;
import dev.tern.rescale.control.TaskCommand;
import dev.tern.rescale.request.RescaleOutcome;
import dev.tern.rescale.request.RescaleRecord;
import dev.tern.rescale.request.RescaleRequest;
import dev.tern.rescale.request.RescaleState;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.TaskManagerOptions;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What breaks before MIGRATE is undone and the job goes on untouched; what breaks later leads to a
 * restart at the wanted parallelism.
 */
class FaultsITCase {

    private static final long RECORDS = 200_000;
    private static final double RATE = 6_000;

    @TempDir private Path directory;

    private RescalableCluster cluster;
    private String run;
    private Observations observed;

    @AfterEach
    void stop() throws Exception {
        cluster.close();
    }

    @Test
    void aNewSubtaskThatFailsToOpenIsUndone() throws Exception {
        start("open-fails", configuration());
        Failures.arm(run + CountingJob.IN_OPEN, 3);
        RescaleRecord rescale = rescale(4);
        assertUndone(rescale, RescaleState.DEPLOY);
        assertThat(rescale.error())
                .startsWith("New subtask 3 failed before it could take part")
                .contains("injected failure in subtask 3");
        assertNextOneWorks();
    }

    @Test
    void aNewSubtaskThatDoesNotComeUpIsUndone() throws Exception {
        Configuration configuration = configuration();
        configuration.set(RescaleOptions.STEP_TIMEOUT, Duration.ofSeconds(2));
        start("open-blocks", configuration);
        Blocks.arm(run + CountingJob.IN_OPEN, 2);
        RescaleRecord rescale = rescale(4);
        Blocks.release(run + CountingJob.IN_OPEN);
        assertUndone(rescale, RescaleState.DEPLOY);
        assertThat(rescale.error()).isEqualTo("Waited 2000 ms in vain for new subtasks to run");
        assertNextOneWorks();
    }

    @Test
    void aTaskThatIsBlockedIsFoundBeforeAnythingHasChanged() throws Exception {
        Configuration configuration = configuration();
        configuration.set(RescaleOptions.PREPARE_TIMEOUT, Duration.ofSeconds(1));
        start("blocked", configuration);
        Blocks.hold(run, 0);
        cluster.putUpperBounds(Map.of(CountingJob.COUNT, 4));
        RescalableCluster.waitUntil("it has begun", () -> !cluster.history().isEmpty());
        RescaleRecord rescale = cluster.awaitEnd(cluster.history().get(0).rescaleId());
        Blocks.release(run);
        assertUndone(rescale, RescaleState.PREFLIGHT);
        assertThat(rescale.error())
                .contains("COUNT (1/2) did not answer Inspect within 1000 ms", "backpressure");
        assertNextOneWorks();
    }

    @Test
    void aLackOfNetworkMemoryIsUndone() throws Exception {
        Configuration configuration = configuration();
        configuration.set(TaskManagerOptions.NETWORK_MEMORY_MIN, MemorySize.parse("1mb"));
        configuration.set(TaskManagerOptions.NETWORK_MEMORY_MAX, MemorySize.parse("1mb"));
        start("memory", configuration);
        RescaleRecord rescale = rescale(8);
        assertThat(rescale.error()).contains("nsufficient number of network buffers");
        assertUndone(rescale, rescale.states().get(rescale.states().size() - 2).state());
        assertNextOneWorks();
    }

    @Test
    void anUndoThatFailsRestartsTheJobAsItWas() throws Exception {
        Configuration configuration = configuration();
        configuration.set(RescaleOptions.PREPARE_TIMEOUT, Duration.ofSeconds(1));
        configuration.set(RescaleOptions.STEP_TIMEOUT, Duration.ofSeconds(2));
        start("undo-fails", configuration);
        cluster.awaitCheckpoint();
        Injection injection = Injection.of(cluster.job());
        injection.disturb(
                new Injection.Target(TaskCommand.BeginStep.class, CountingJob.COUNT, 0),
                Injection.Disturbance.LOSE_COMMAND);
        String id =
                cluster.accepted(
                        RescaleRequest.of(CountingJob.COUNT, 4, null, null, false, false));
        injection.awaitHit();
        injection.disturb(
                new Injection.Target(TaskCommand.AbortOwner.class, CountingJob.COUNT, 0),
                Injection.Disturbance.LOSE_COMMAND);
        RescaleRecord rescale = cluster.awaitEnd(id);
        assertThat(rescale.outcome()).as("%s", rescale).isEqualTo(RescaleOutcome.FAILED);
        RescalableCluster.waitUntil(
                "the job runs again", () -> cluster.restarts(CountingJob.CHECK) > 0);
        assertThat(cluster.parallelism(CountingJob.COUNT)).isEqualTo(2);
        assertThat(cluster.upperBound(CountingJob.COUNT)).isEqualTo(2);
        Pace.hurry(run);
        cluster.awaitResult();
        assertThat(observed.distinct()).isEqualTo(RECORDS);
        assertThat(observed.keysWithHoles()).isZero();
    }

    /**
     * A task that is busy has barriers of a checkpoint in its channels when the rescale aborts it
     * and adds channels, from which no barrier of it will ever come.
     */
    @Test
    void barriersOfAnAbortedCheckpointDoNotBlockATaskThatGetsMoreChannels() throws Exception {
        start("late-barriers", configuration());
        Injection injection = Injection.of(cluster.job());
        injection.disturb(
                new Injection.Target(TaskCommand.Ping.class, "SOURCE", 0),
                Injection.Disturbance.HOLD);
        String id =
                cluster.accepted(
                        RescaleRequest.of(CountingJob.COUNT, 4, null, null, false, false));
        injection.awaitHit();
        // Passes every task, so that all others have answered the preflight.
        cluster.awaitCheckpoint();
        Blocks.hold(run + CountingJob.IN_CHECK, 0);
        RescalableCluster.waitUntil(
                "a checkpoint waits for the busy task alone", () -> cluster.tasksToCome() == 1);
        injection.disturb(
                new Injection.Target(TaskCommand.GrowInput.class, CountingJob.CHECK, 0),
                Injection.Disturbance.HOLD);
        injection.release();
        injection.awaitHit();
        injection.release();
        Blocks.release(run + CountingJob.IN_CHECK);
        RescaleRecord rescale = cluster.awaitEnd(id);
        assertThat(rescale.outcome()).as("%s", rescale).isEqualTo(RescaleOutcome.COMPLETED);
        cluster.awaitCheckpoint();
        assertNextOneWorks();
    }

    @Test
    void aTaskManagerLostWhileStateMovesLeadsToARestartAtTheWantedParallelism() throws Exception {
        Configuration configuration = configuration();
        configuration.set(RescaleOptions.TRANSFER_BY_REFERENCE, false);
        // Spread, so that the TaskManager that is lost runs some of the tasks.
        configuration.set(
                TaskManagerOptions.TASK_MANAGER_LOAD_BALANCE_MODE,
                TaskManagerOptions.TaskManagerLoadBalanceMode.SLOTS);
        start(HeldOnWrite.RUNS + "lost", configuration);
        cluster.awaitCheckpoint();
        // Checkpoints write too: they are kept away from here on.
        Blocks.arm(run + CountingJob.IN_OPEN, 3);
        String id =
                cluster.accepted(
                        RescaleRequest.of(CountingJob.COUNT, 4, null, null, false, false));
        Blocks.awaitHeld(run + CountingJob.IN_OPEN);
        Blocks.arm(run + CountingJob.IN_WRITE, 0);
        Blocks.release(run + CountingJob.IN_OPEN);
        Blocks.awaitHeld(run + CountingJob.IN_WRITE);
        assertThat(cluster.record(id).state()).isEqualTo(RescaleState.MIGRATE);
        cluster.cluster().terminateTaskManager(1).get(30, TimeUnit.SECONDS);
        Blocks.release(run + CountingJob.IN_WRITE);

        RescaleRecord rescale = cluster.awaitEnd(id);
        assertThat(rescale.outcome()).isEqualTo(RescaleOutcome.FAILED);
        assertThat(rescale.state()).isEqualTo(RescaleState.RESTARTED);
        assertThat(rescale.error()).contains("MIGRATE");
        RescalableCluster.waitUntil(
                "the job runs at the wanted parallelism",
                () ->
                        cluster.restarts(CountingJob.CHECK) > 0
                                && cluster.parallelism(CountingJob.COUNT) == 4);
        Pace.hurry(run);
        cluster.awaitResult();
        assertThat(observed.distinct()).isEqualTo(RECORDS);
        assertThat(observed.keysWithHoles()).isZero();
    }

    private RescaleRecord rescale(int parallelism) throws Exception {
        return cluster.rescale(
                RescaleRequest.of(CountingJob.COUNT, parallelism, null, null, false, false));
    }

    private void assertUndone(RescaleRecord rescale, RescaleState in) throws Exception {
        assertThat(rescale.outcome()).as("%s", rescale).isEqualTo(RescaleOutcome.ABORTED);
        List<RescaleState> states = rescale.states().stream().map(span -> span.state()).toList();
        assertThat(states).last().isEqualTo(RescaleState.ABORTED);
        assertThat(states.get(states.size() - 2)).isEqualTo(in);
        assertThat(in).isLessThan(RescaleState.MIGRATE);
        assertThat(cluster.parallelism(CountingJob.COUNT)).isEqualTo(2);
        assertThat(cluster.upperBound(CountingJob.COUNT)).isEqualTo(2);
        cluster.awaitCheckpoint();
    }

    private void assertNextOneWorks() throws Exception {
        for (int parallelism : new int[] {3, 2}) {
            RescaleRecord next = rescale(parallelism);
            assertThat(next.outcome()).as("%s", next).isEqualTo(RescaleOutcome.COMPLETED);
        }
        assertThat(cluster.restarts(CountingJob.CHECK)).isZero();
        Pace.hurry(run);
        cluster.awaitResult();
        assertThat(observed.distinct()).isEqualTo(RECORDS);
        assertThat(observed.keysWithHoles()).isZero();
        assertThat(observed.duplicates()).isZero();
    }

    private Configuration configuration() {
        return RescalableCluster.configuration(directory);
    }

    private void start(String name, Configuration configuration) throws Exception {
        run = name;
        cluster = new RescalableCluster(configuration, 4);
        cluster.submit(CountingJob.graph(configuration, run, RECORDS, RATE));
        cluster.awaitRunning();
        observed = Observations.of(run);
        RescalableCluster.waitUntil("records flow", () -> observed.records() > 500);
    }
}
