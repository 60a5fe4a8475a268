package dev.tern.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.rescale.config.RescaleOptions;
import dev.tern.rescale.request.RescaleAnswer;
import dev.tern.rescale.request.RescaleCall;
import dev.tern.rescale.request.RescaleOutcome;
import dev.tern.rescale.request.RescaleRecord;
import dev.tern.rescale.request.RescaleRequest;
import dev.tern.rescale.request.RescaleState;
import dev.tern.rescale.request.StateSpan;

import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.WebOptions;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.checkpoint.AbstractCheckpointStats;
import org.apache.flink.runtime.checkpoint.CheckpointStatsSnapshot;
import org.apache.flink.runtime.checkpoint.CheckpointStatsStatus;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * What happens between the steps of a migration: checkpoints and savepoints are taken, and a user
 * may stop there. Every key group is a step of its own, and a checkpoint is always due.
 */
class StepsITCase {

    private static final long RECORDS = 200_000;
    private static final double RATE = 5_000;
    private static final String STEPWISE = "stepwise";

    @TempDir private Path directory;

    private Configuration configuration;
    private RescalableCluster cluster;
    private String run;
    private Observations observed;

    private void start(String name) throws Exception {
        start(name, Backend.HEAP);
    }

    private void start(String name, Backend backend) throws Exception {
        run = "steps-" + name + backend;
        configuration = backend.configure(RescalableCluster.configuration(directory));
        configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMillis(10));
        configuration.set(RescaleOptions.STEP_SIZE, new MemorySize(1));
        configuration.set(WebOptions.CHECKPOINTS_HISTORY_SIZE, 10_000);
        cluster = new RescalableCluster(configuration, 4);
        cluster.submit(CountingJob.graph(configuration, run, RECORDS, RATE));
        cluster.awaitRunning();
        observed = Observations.of(run);
        RescalableCluster.waitUntil("records flow", () -> observed.records() > 500);
    }

    @AfterEach
    void stop() throws Exception {
        cluster.close();
    }

    @Test
    void checkpointsThatAreDueAreTakenBetweenTheSteps() throws Exception {
        start("due");
        for (int parallelism : new int[] {4, 3}) {
            RescaleRecord rescale = cluster.awaitEnd(begin(parallelism));
            assertThat(rescale.outcome()).as("%s", rescale).isEqualTo(RescaleOutcome.COMPLETED);
            assertThat(completedInMigrate(rescale)).as("%s", rescale).isNotEmpty();
        }
        finishUntouched();
    }

    @ParameterizedTest
    @EnumSource(names = {"HEAP", "ROCKSDB", "ROCKSDB_IMPORT"})
    void aFailureRestoresACheckpointTakenBetweenTheSteps(Backend backend) throws Exception {
        start("failure", backend);
        // Until the failure comes before the rescale is over.
        int to = 4;
        while (!failsBetweenTheSteps(to)) {
            to = 7 - to;
        }
        assertThat(cluster.parallelism(CountingJob.COUNT)).isEqualTo(to);
        finishCounted();
    }

    /** Whether the job went back to a checkpoint that was taken between two steps. */
    private boolean failsBetweenTheSteps(int to) throws Exception {
        int restarts = cluster.restarts(CountingJob.CHECK);
        String id = begin(to);
        RescalableCluster.waitUntil(
                "two checkpoints complete between steps",
                () ->
                        completedInMigrate(cluster.record(id)).size() > 1
                                || cluster.record(id).outcome().isTerminal(),
                () -> cluster.record(id));
        List<AbstractCheckpointStats> between = completedInMigrate(cluster.record(id));
        Failures.arm(run, 0);
        RescaleRecord rescale = cluster.awaitEnd(id);
        RescalableCluster.waitUntil(
                "the job runs again", () -> cluster.restarts(CountingJob.CHECK) > restarts);
        cluster.awaitTasks();
        if (rescale.outcome() == RescaleOutcome.COMPLETED || between.size() < 2) {
            return false;
        }
        assertThat(rescale.outcome()).as("%s", rescale).isEqualTo(RescaleOutcome.FAILED);
        assertThat(checkpoints().getLatestRestoredCheckpoint().getCheckpointId())
                .isGreaterThanOrEqualTo(between.get(0).getCheckpointId());
        return true;
    }

    @Test
    void aSavepointIsTakenBetweenTheStepsAndRestoresAnywhere() throws Exception {
        start("savepoint");
        String id = begin(4);
        awaitMigrate(id);
        String savepoint =
                cluster.cluster()
                        .triggerSavepoint(
                                cluster.job(),
                                directory.toUri().toString(),
                                false,
                                SavepointFormatType.CANONICAL)
                        .get(30, TimeUnit.SECONDS);
        assertThat(cluster.record(id).outcome()).isEqualTo(RescaleOutcome.IN_PROGRESS);
        RescaleRecord rescale = cluster.awaitEnd(id);
        assertThat(rescale.outcome()).as("%s", rescale).isEqualTo(RescaleOutcome.COMPLETED);
        assertThat(cluster.restarts(CountingJob.CHECK)).isZero();
        cluster.cluster().cancelJob(cluster.job()).get(30, TimeUnit.SECONDS);
        cluster.awaitStatus(JobStatus.CANCELED);
        cluster.restore(CountingJob.graph(configuration, run, RECORDS, RATE, 3), savepoint);
        finishCounted();
    }

    @Test
    void aDrainInTheMiddleWaitsForTheEndOfTheRescale() throws Exception {
        start("drain");
        String id = begin(4);
        awaitMigrate(id);
        CompletableFuture<String> drained =
                cluster.cluster()
                        .stopWithSavepoint(
                                cluster.job(),
                                directory.toUri().toString(),
                                true,
                                SavepointFormatType.NATIVE);
        assertThat(cluster.awaitEnd(id).outcome()).isEqualTo(RescaleOutcome.COMPLETED);
        drained.get(30, TimeUnit.SECONDS);
        cluster.awaitStatus(JobStatus.FINISHED);
        assertThat(observed.distinct()).isPositive().isLessThan(RECORDS);
        assertThat(observed.keysWithHoles()).isZero();
        assertThat(observed.duplicates()).isZero();
    }

    @Test
    void anAbortInTheMiddleLeavesEachKeyGroupWhereItIs() throws Exception {
        start("abort");
        RescaleRecord out = abortInMigrate(4);
        assertThat(out.error())
                .startsWith("Aborted by flink rescale --abort")
                .contains("Stopped after step ", "of 32", "runs with 4 subtasks");
        assertStands(4);
        // On from where it stopped.
        for (int parallelism : new int[] {3, 4}) {
            RescaleRecord next = cluster.awaitEnd(begin(parallelism));
            assertThat(next.outcome()).as("%s", next).isEqualTo(RescaleOutcome.COMPLETED);
        }
        RescaleRecord in = abortInMigrate(2);
        assertThat(in.error()).contains("Stopped after step ", "runs with 4 subtasks");
        assertStands(4);
        finishUntouched();
    }

    @Test
    void anAbortBeforeAnythingMovedUndoesEverything() throws Exception {
        start("abort-before");
        Blocks.arm(run + CountingJob.IN_OPEN, 3);
        String id = begin(4);
        Blocks.awaitHeld(run + CountingJob.IN_OPEN);
        assertThat(cluster.call(new RescaleCall.Abort()))
                .isInstanceOf(RescaleAnswer.Accepted.class);
        RescaleRecord rescale = cluster.awaitEnd(id);
        Blocks.release(run + CountingJob.IN_OPEN);
        assertThat(rescale.outcome()).as("%s", rescale).isEqualTo(RescaleOutcome.ABORTED);
        assertThat(rescale.stoppedMidway()).isFalse();
        assertThat(rescale.error()).startsWith("Aborted by flink rescale --abort");
        assertStands(2);
        finishUntouched();
    }

    private String begin(int parallelism) throws Exception {
        return cluster.accepted(
                RescaleRequest.of(CountingJob.COUNT, parallelism, STEPWISE, null, false, false));
    }

    private RescaleRecord abortInMigrate(int parallelism) throws Exception {
        String id = begin(parallelism);
        awaitMigrate(id);
        assertThat(cluster.call(new RescaleCall.Abort()))
                .isInstanceOf(RescaleAnswer.Accepted.class);
        RescaleRecord rescale = cluster.awaitEnd(id);
        assertThat(rescale.outcome()).as("%s", rescale).isEqualTo(RescaleOutcome.ABORTED);
        assertThat(rescale.stoppedMidway()).isTrue();
        return rescale;
    }

    private void assertStands(int parallelism) throws Exception {
        assertThat(cluster.parallelism(CountingJob.COUNT)).isEqualTo(parallelism);
        assertThat(cluster.upperBound(CountingJob.COUNT)).isEqualTo(parallelism);
        cluster.awaitCheckpoint();
        assertThat(cluster.restarts(CountingJob.CHECK)).isZero();
    }

    private void awaitMigrate(String id) throws Exception {
        RescalableCluster.waitUntil(
                "key groups move",
                () -> cluster.record(id).state() == RescaleState.MIGRATE,
                () -> cluster.record(id));
    }

    private CheckpointStatsSnapshot checkpoints() throws Exception {
        return cluster.cluster()
                .getExecutionGraph(cluster.job())
                .get()
                .getCheckpointStatsSnapshot();
    }

    /** Completed checkpoints that were triggered while key groups moved, oldest first. */
    private List<AbstractCheckpointStats> completedInMigrate(RescaleRecord rescale)
            throws Exception {
        return rescale.states().stream()
                .filter(span -> span.state() == RescaleState.MIGRATE)
                .findFirst()
                .map(span -> completedIn(span))
                .orElse(List.of());
    }

    private List<AbstractCheckpointStats> completedIn(StateSpan span) {
        try {
            return checkpoints().getHistory().getCheckpoints().stream()
                    .filter(c -> c.getStatus() == CheckpointStatsStatus.COMPLETED)
                    .filter(c -> c.getTriggerTimestamp() > span.startMillis())
                    .filter(
                            c ->
                                    span.isOpen()
                                            || c.getTriggerTimestamp() + c.getEndToEndDuration()
                                                    < span.endMillis())
                    .sorted((a, b) -> Long.compare(a.getCheckpointId(), b.getCheckpointId()))
                    .toList();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private void finishUntouched() throws Exception {
        assertThat(cluster.restarts(CountingJob.CHECK)).isZero();
        finishCounted();
        assertThat(observed.duplicates()).isZero();
    }

    private void finishCounted() throws Exception {
        Pace.hurry(run);
        cluster.awaitResult();
        assertThat(observed.distinct()).isEqualTo(RECORDS);
        assertThat(observed.keysWithHoles()).isZero();
    }
}
