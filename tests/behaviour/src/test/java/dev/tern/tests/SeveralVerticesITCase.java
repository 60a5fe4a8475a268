package dev.tern.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.tern.rescale.config.RescaleOptions;
import dev.tern.rescale.control.TaskCommand;
import dev.tern.rescale.request.ParallelismChange;
import dev.tern.rescale.request.RescaleAnswer;
import dev.tern.rescale.request.RescaleCall;
import dev.tern.rescale.request.RescaleMode;
import dev.tern.rescale.request.RescaleOutcome;
import dev.tern.rescale.request.RescaleRecord;
import dev.tern.rescale.request.RescaleRequest;
import dev.tern.rescale.request.RescaleState;
import dev.tern.rescale.request.StateSpan;
import dev.tern.tests.Injection.Disturbance;
import dev.tern.tests.Injection.Target;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.runtime.jobgraph.JobGraph;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Two keyed vertices, one of which feeds the other, are rescaled as one: one entry in the history,
 * one pause of checkpoints, all or nothing.
 */
class SeveralVerticesITCase {

    private static final long RECORDS = 200_000;
    private static final double RATE = 5_000;

    @TempDir private Path directory;

    private RescalableCluster cluster;
    private String run;
    private Injection injection;
    private Observations observed;

    @BeforeEach
    void name(TestInfo test) {
        // Both vertices have state in such runs, or the second one would move in a single step.
        run = HeldOnWrite.RUNS + "several-" + test.getTestMethod().orElseThrow().getName();
    }

    @AfterEach
    void stop() throws Exception {
        cluster.close();
    }

    @Test
    void growAndShrinkTogether() throws Exception {
        start(configuration(), 4);
        int[][] sizes = {{4, 3}, {2, 4}, {3, 1}, {1, 2}, {4, 4}, {2, 2}};
        int[] before = {2, 2};
        for (int[] size : sizes) {
            RescaleRecord rescale = put(size[0], size[1]);
            assertLive(rescale);
            assertThat(rescale.changes())
                    .extracting(ParallelismChange::from, ParallelismChange::to)
                    .containsExactly(
                            tuple(before[0], size[0]),
                            tuple(before[1], size[1]));
            assertOnePause(rescale);
            assertParallelism(size[0], size[1]);
            cluster.awaitCheckpoint();
            before = size;
        }
        assertThat(cluster.history()).hasSize(sizes.length);
        finishUntouched();
    }

    /** The new subtasks of the first one must know who owns what in the second one. */
    @Test
    void newSubtasksRouteToOwnersThatAreNotContiguous() throws Exception {
        start(configuration(), 4);
        rescale(CountingJob.CHECK, 3);
        rescale(CountingJob.COUNT, 4);
        rescale(CountingJob.CHECK, 4);
        rescale(CountingJob.COUNT, 3);
        rescale(CountingJob.CHECK, 1);
        rescale(CountingJob.COUNT, 1);
        rescale(CountingJob.CHECK, 3);
        finishUntouched();
    }

    @Test
    void aSecondRequestWaits() throws Exception {
        start(configuration(), 4);
        Blocks.arm(run + CountingJob.IN_OPEN, 2);
        String first =
                cluster.accepted(
                        RescaleRequest.of(CountingJob.COUNT, 4, null, null, false, false));
        Blocks.awaitHeld(run + CountingJob.IN_OPEN);
        assertThat(
                        cluster.refusal(
                                RescaleRequest.of(CountingJob.CHECK, 4, null, null, false, false)))
                .isEqualTo(
                        String.format(
                                "Job %1$s is being rescaled; wait until that is over (flink"
                                        + " rescale %1$s --status).",
                                cluster.job()));
        Blocks.release(run + CountingJob.IN_OPEN);
        assertLive(cluster.awaitEnd(first));
        finishUntouched();
    }

    @Test
    void withoutSlotsForAllNothingIsDone() throws Exception {
        Configuration configuration = configuration();
        // What Flink's manager does when slots do not come is tested elsewhere.
        configuration.set(
                JobManagerOptions.SCHEDULER_EXECUTING_RESOURCE_STABILIZATION_TIMEOUT,
                Duration.ofMinutes(10));
        configuration.set(JobManagerOptions.SCHEDULER_RESCALE_TRIGGER_MAX_DELAY, Duration.ofMinutes(10));
        start(configuration, 2);
        cluster.putUpperBounds(Map.of(CountingJob.COUNT, 6, CountingJob.CHECK, 3));
        cluster.awaitCheckpoint();
        cluster.awaitCheckpoint();
        assertThat(cluster.history()).isEmpty();
        assertParallelism(2, 2);

        cluster.cluster().startTaskManager();
        cluster.awaitHistory(1);
        assertLive(cluster.history().get(0));
        assertParallelism(6, 3);
        finishUntouched();
    }

    @Test
    void aFaultBeforeAnythingMovesTakesAllBack() throws Exception {
        Configuration configuration = configuration();
        Path temporary = Files.createDirectories(directory.resolve("tmp"));
        configuration.set(CoreOptions.TMP_DIRS, temporary.toString());
        start(configuration, 4);
        for (Target target :
                List.of(
                        target(TaskCommand.GrowOutput.class, CountingJob.COUNT, 1),
                        target(TaskCommand.GrowInput.class, CountingJob.CHECK, 0),
                        target(TaskCommand.SettleInput.class, CountingJob.CHECK, 2),
                        target(TaskCommand.PrepareOwner.class, CountingJob.CHECK, 3))) {
            injection.disturb(target, Disturbance.REFUSE);
            assertUndone(putAndAwait(4, 4), target.toString());
        }
        for (RescaleState state : List.of(RescaleState.QUIESCE, RescaleState.DEPLOY)) {
            injection.breakIn(state);
            assertUndone(putAndAwait(4, 3), state.toString());
        }
        Failures.arm(run + CountingJob.IN_OPEN, 3);
        assertUndone(putAndAwait(4, 4), "a new subtask fails");
        assertLive(putAndAwait(4, 3));
        assertParallelism(4, 3);
        finishUntouched();
        Leaks.assertNone(cluster, temporary);
    }

    @Test
    void aFailureInTheMiddleRestartsAtAllThatIsWanted() throws Exception {
        start(configuration(), 4);
        cluster.awaitCheckpoint();
        // COUNT has moved then, and CHECK has not.
        injection.disturb(
                target(TaskCommand.SwitchRoutes.class, CountingJob.COUNT, 0), Disturbance.REFUSE);
        RescaleRecord rescale = putAndAwait(4, 3);
        assertThat(rescale.outcome()).as("%s", rescale).isEqualTo(RescaleOutcome.FAILED);
        assertThat(rescale.volume().keyGroupsMoved()).isPositive();
        RescalableCluster.waitUntil(
                "the job runs at the wanted parallelism",
                () ->
                        cluster.restarts(CountingJob.CHECK) > 0
                                && cluster.parallelism(CountingJob.COUNT) == 4
                                && cluster.parallelism(CountingJob.CHECK) == 3);
        finish();
    }

    @Test
    void anAbortInTheMiddleLeavesEveryKeyGroupOfBothWhereItIs() throws Exception {
        Configuration configuration = configuration();
        configuration.set(RescaleOptions.STEP_SIZE, new MemorySize(1));
        start(configuration, 4);
        assertStops(4, 4, 4, 4);
        // On from where it stopped, so that there is enough to be moved again.
        assertLive(put(3, 3));
        assertStops(1, 1, 3, 3);
        assertStops(1, 6, 3, 6);
        assertLive(put(2, 2));
        finishUntouched();
    }

    /** Stops when the second vertex has begun to move. */
    private void assertStops(int count, int check, int countThen, int checkThen)
            throws Exception {
        injection.disturb(
                target(TaskCommand.SwitchRoutes.class, CountingJob.COUNT, 1), Disturbance.HOLD);
        int before = cluster.history().size();
        cluster.putUpperBounds(Map.of(CountingJob.COUNT, count, CountingJob.CHECK, check));
        injection.awaitHit();
        assertThat(cluster.call(new RescaleCall.Abort()))
                .isInstanceOf(RescaleAnswer.Accepted.class);
        injection.release();
        cluster.awaitHistory(before + 1);
        RescaleRecord stopped = cluster.history().get(0);
        assertThat(stopped.outcome()).as("%s", stopped).isEqualTo(RescaleOutcome.ABORTED);
        assertThat(stopped.error())
                .startsWith("Aborted by flink rescale --abort")
                .contains(
                        "Stopped after step ",
                        "\"COUNT\" runs with " + countThen + " subtasks, which own ",
                        "\"CHECK",
                        " runs with " + checkThen + " subtasks, which own ");
        assertParallelism(countThen, checkThen);
        assertThat(cluster.upperBound(CountingJob.COUNT)).isEqualTo(countThen);
        assertThat(cluster.upperBound(CountingJob.CHECK)).isEqualTo(checkThen);
        cluster.awaitCheckpoint();
    }

    private static Target target(
            Class<? extends TaskCommand> command, String vertex, int subtask) {
        return new Target(command, vertex, subtask);
    }

    private Configuration configuration() {
        return RescalableCluster.configuration(directory);
    }

    private void start(Configuration configuration, int slotsPerTaskManager) throws Exception {
        cluster = new RescalableCluster(configuration, slotsPerTaskManager);
        JobGraph graph = CountingJob.graph(configuration, run, RECORDS, RATE);
        injection = Injection.of(graph.getJobID());
        cluster.submit(graph);
        cluster.awaitRunning();
        observed = Observations.of(run);
        RescalableCluster.waitUntil("records flow", () -> observed.records() > 500);
    }

    /** The only rescale, or the next one, by the stock call. */
    private RescaleRecord put(int count, int check) throws Exception {
        RescaleRecord rescale = putAndAwait(count, check);
        assertThat(cluster.upperBound(CountingJob.COUNT)).isEqualTo(count);
        assertThat(cluster.upperBound(CountingJob.CHECK)).isEqualTo(check);
        return rescale;
    }

    private RescaleRecord putAndAwait(int count, int check) throws Exception {
        int before = cluster.history().size();
        cluster.putUpperBounds(Map.of(CountingJob.COUNT, count, CountingJob.CHECK, check));
        cluster.awaitHistory(before + 1);
        return cluster.history().get(0);
    }

    private void rescale(String vertex, int parallelism) throws Exception {
        assertLive(cluster.rescale(vertex, parallelism));
        assertThat(cluster.parallelism(vertex)).isEqualTo(parallelism);
    }

    private void assertUndone(RescaleRecord rescale, String fault) throws Exception {
        assertThat(rescale.outcome()).as("%s: %s", fault, rescale).isEqualTo(RescaleOutcome.ABORTED);
        assertThat(rescale.changes()).hasSize(2);
        assertParallelism(2, 2);
        assertThat(cluster.upperBound(CountingJob.COUNT)).isEqualTo(2);
        assertThat(cluster.upperBound(CountingJob.CHECK)).isEqualTo(2);
        assertThat(cluster.restarts(CountingJob.CHECK)).as(fault).isZero();
        cluster.awaitCheckpoint();
    }

    private void assertParallelism(int count, int check) throws Exception {
        assertThat(cluster.parallelism(CountingJob.COUNT)).isEqualTo(count);
        assertThat(cluster.parallelism(CountingJob.CHECK)).isEqualTo(check);
    }

    /** Each state once, QUIESCE among them. */
    private static void assertOnePause(RescaleRecord rescale) {
        assertThat(rescale.states())
                .extracting(StateSpan::state)
                .doesNotHaveDuplicates()
                .contains(RescaleState.QUIESCE, RescaleState.MIGRATE);
    }

    private static void assertLive(RescaleRecord rescale) {
        assertThat(rescale.outcome()).as("%s", rescale).isEqualTo(RescaleOutcome.COMPLETED);
        assertThat(rescale.mode()).isEqualTo(RescaleMode.LIVE);
    }

    private void finishUntouched() throws Exception {
        assertThat(cluster.restarts("SOURCE")).isZero();
        finish();
        // Order is promised for each (channel, key); where COUNT has a new owner its results take
        // another channel to CHECK, so nothing is said about order there.
        assertThat(observed.duplicates()).isZero();
    }

    private void finish() throws Exception {
        Pace.hurry(run);
        cluster.awaitResult();
        assertThat(observed.distinct()).isEqualTo(RECORDS);
        assertThat(observed.keysWithHoles()).isZero();
        assertThat(observed.notes()).isEmpty();
    }
}
