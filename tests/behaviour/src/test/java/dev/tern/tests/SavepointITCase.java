package dev.tern.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.rescale.request.RescaleOutcome;
import dev.tern.rescale.request.RescaleRecord;
import dev.tern.rescale.request.RescaleRequest;
import dev.tern.rescale.request.RescaleState;

import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.SavepointFormatType;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Savepoints, stops and cancellations before, during and after rescales. */
class SavepointITCase {

    private static final long RECORDS = 200_000;
    private static final double RATE = 5_000;

    @TempDir private Path directory;

    private Configuration configuration;
    private RescalableCluster cluster;
    private String run;
    private Observations observed;

    @BeforeEach
    void start(TestInfo test) throws Exception {
        run = "savepoint-" + test.getTestMethod().orElseThrow().getName();
        configuration = RescalableCluster.configuration(directory);
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
    void aStopDuringARescaleWaitsForItsEndAndRestoresAtEqualParallelism() throws Exception {
        Blocks.hold(run, 0);
        beginRescale(4);
        CompletableFuture<String> stopped = stopWithSavepoint(false);
        assertThat(stopped).isNotDone();
        assertThat(cluster.history().get(0).outcome()).isEqualTo(RescaleOutcome.IN_PROGRESS);
        Blocks.release(run);
        String savepoint = stopped.get(30, TimeUnit.SECONDS);
        cluster.awaitStatus(JobStatus.FINISHED);
        // From 2 to 4 with the least moves: the savepoint is of a non-contiguous ownership.
        restoreAndFinish(savepoint, 4);
    }

    @Test
    void aStopAfterAScaleInRestoresAtAnotherParallelism() throws Exception {
        rescale(4);
        rescale(3);
        String savepoint = stopWithSavepoint(false).get(30, TimeUnit.SECONDS);
        cluster.awaitStatus(JobStatus.FINISHED);
        restoreAndFinish(savepoint, 5);
    }

    @Test
    void aRescaleWaitsForSavepointsInFlight() throws Exception {
        Blocks.hold(run, 1);
        CompletableFuture<String> before = savepoint();
        beginRescale(3);
        CompletableFuture<String> during = savepoint();
        assertThat(cluster.history().get(0).outcome()).isEqualTo(RescaleOutcome.IN_PROGRESS);
        Blocks.release(run);
        before.get(30, TimeUnit.SECONDS);
        String savepoint = during.get(30, TimeUnit.SECONDS);
        RescaleRecord rescale = cluster.awaitEnd(cluster.history().get(0).rescaleId());
        assertThat(rescale.outcome()).as("%s", rescale).isEqualTo(RescaleOutcome.COMPLETED);
        assertThat(cluster.restarts(CountingJob.CHECK)).isZero();
        cluster.cluster().cancelJob(cluster.job()).get(30, TimeUnit.SECONDS);
        cluster.awaitStatus(JobStatus.CANCELED);
        restoreAndFinish(savepoint, 2);
    }

    @Test
    void aSavepointDuringARescaleIsParkedUntilItsEnd() throws Exception {
        Blocks.arm(run + CountingJob.IN_OPEN, 3);
        String id =
                cluster.accepted(
                        RescaleRequest.of(CountingJob.COUNT, 4, null, null, false, false));
        Blocks.awaitHeld(run + CountingJob.IN_OPEN);
        assertThat(cluster.record(id).state()).isEqualTo(RescaleState.DEPLOY);
        CompletableFuture<String> parked = savepoint();
        Blocks.release(run + CountingJob.IN_OPEN);
        RescaleRecord rescale = cluster.awaitEnd(id);
        assertThat(rescale.outcome()).as("%s", rescale).isEqualTo(RescaleOutcome.COMPLETED);
        String savepoint = parked.get(30, TimeUnit.SECONDS);
        assertThat(cluster.restarts(CountingJob.CHECK)).isZero();
        cluster.cluster().cancelJob(cluster.job()).get(30, TimeUnit.SECONDS);
        cluster.awaitStatus(JobStatus.CANCELED);
        restoreAndFinish(savepoint, 4);
    }

    @Test
    void aDrainAfterAScaleInEndsTheJobAsIfItsInputHadEnded() throws Exception {
        rescale(4);
        rescale(1);
        rescale(3);
        stopWithSavepoint(true).get(30, TimeUnit.SECONDS);
        cluster.awaitStatus(JobStatus.FINISHED);
        assertThat(observed.distinct()).isPositive().isLessThan(RECORDS);
        assertThat(observed.keysWithHoles()).isZero();
        assertThat(observed.duplicates()).isZero();
    }

    @Test
    void aCancellationInTheMiddleEndsTheJob() throws Exception {
        Blocks.hold(run, 0);
        beginRescale(4);
        assertThat(cluster.history().get(0).outcome()).isEqualTo(RescaleOutcome.IN_PROGRESS);
        cluster.cluster().cancelJob(cluster.job()).get(30, TimeUnit.SECONDS);
        Blocks.release(run);
        cluster.awaitStatus(JobStatus.CANCELED);
    }

    private void rescale(int parallelism) throws Exception {
        RescaleRecord rescale =
                cluster.rescale(
                        RescaleRequest.of(
                                CountingJob.COUNT, parallelism, null, null, false, false));
        assertThat(rescale.outcome()).as("%s", rescale).isEqualTo(RescaleOutcome.COMPLETED);
    }

    /** A rescale that gets stuck at the task that is held. */
    private void beginRescale(int parallelism) throws Exception {
        cluster.putUpperBounds(Map.of(CountingJob.COUNT, parallelism));
        RescalableCluster.waitUntil("it has begun", () -> !cluster.history().isEmpty());
    }

    private CompletableFuture<String> savepoint() {
        return cluster.cluster()
                .triggerSavepoint(
                        cluster.job(),
                        directory.toUri().toString(),
                        false,
                        SavepointFormatType.CANONICAL);
    }

    private CompletableFuture<String> stopWithSavepoint(boolean drain) {
        return cluster.cluster()
                .stopWithSavepoint(
                        cluster.job(),
                        directory.toUri().toString(),
                        drain,
                        SavepointFormatType.NATIVE);
    }

    private void restoreAndFinish(String savepoint, int parallelism) throws Exception {
        cluster.restore(
                CountingJob.graph(configuration, run, RECORDS, RATE, parallelism), savepoint);
        Pace.hurry(run);
        cluster.awaitResult();
        assertThat(observed.distinct()).isEqualTo(RECORDS);
        assertThat(observed.keysWithHoles()).isZero();
    }
}
