package dev.tern.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.rescale.request.ParallelismChange;
import dev.tern.rescale.request.RescaleMode;
import dev.tern.rescale.request.RescaleOutcome;
import dev.tern.rescale.request.RescaleRecord;
import dev.tern.rescale.request.RescaleTrigger;

import org.apache.flink.configuration.Configuration;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.Map;

/** {@code PUT /jobs/:jobid/resource-requirements}, the stock call, rescales live if it can. */
class RequirementsITCase {

    private static final long RECORDS = 200_000;

    @TempDir private Path directory;

    private RescalableCluster cluster;
    private String run;
    private Observations observed;

    @BeforeEach
    void start(TestInfo test) throws Exception {
        run = test.getTestMethod().orElseThrow().getName();
        Configuration configuration = RescalableCluster.configuration(directory);
        RescalableCluster.shortenSchedulerWaits(configuration);
        cluster = new RescalableCluster(configuration, 4);
        cluster.submit(CountingJob.graph(configuration, run, RECORDS, 5_000));
        cluster.awaitRunning();
        observed = Observations.of(run);
        RescalableCluster.waitUntil("records flow", () -> observed.records() > 500);
    }

    @AfterEach
    void stop() throws Exception {
        cluster.close();
    }

    @Test
    void rescalesLiveInAndOut() throws Exception {
        for (int parallelism : new int[] {4, 2, 3}) {
            put(Map.of(CountingJob.COUNT, parallelism));
            awaitHistoryAt(parallelism);
            assertThat(cluster.upperBound(CountingJob.COUNT)).isEqualTo(parallelism);
            cluster.awaitCheckpoint();
        }
        assertThat(cluster.history()).hasSize(3).allSatisfy(RequirementsITCase::assertLive);
        assertNothingLost();
    }

    @Test
    void requestsInQuickSuccessionCoalesce() throws Exception {
        for (int parallelism : new int[] {4, 3, 5}) {
            put(Map.of(CountingJob.COUNT, parallelism));
        }
        awaitHistoryAt(5);
        assertThat(cluster.history())
                .hasSizeBetween(1, 3)
                .allSatisfy(RequirementsITCase::assertLive);
        assertNothingLost();
    }

    @Test
    void severalVerticesOfOneRequestAreOneRescale() throws Exception {
        put(Map.of(CountingJob.COUNT, 4, CountingJob.CHECK, 3));
        cluster.awaitHistory(1);
        RescaleRecord rescale = cluster.history().get(0);
        assertLive(rescale);
        assertThat(rescale.changes())
                .extracting(ParallelismChange::vertexName)
                .satisfiesExactly(
                        name -> assertThat(name).contains(CountingJob.COUNT),
                        name -> assertThat(name).contains(CountingJob.CHECK));
        assertThat(cluster.parallelism(CountingJob.COUNT)).isEqualTo(4);
        assertThat(cluster.parallelism(CountingJob.CHECK)).isEqualTo(3);
        assertNothingLost();
    }

    @Test
    void whatCannotGoLiveIsRestartedAndSaysWhy() throws Exception {
        cluster.awaitCheckpoint();
        put(Map.of("SOURCE", 1, CountingJob.COUNT, 4));
        cluster.awaitHistory(1);
        assertThat(cluster.history())
                .allSatisfy(
                        record -> {
                            assertThat(record.changes()).hasSize(2);
                            assertThat(record.mode()).isEqualTo(RescaleMode.RESTART);
                            assertThat(record.outcome()).isEqualTo(RescaleOutcome.COMPLETED);
                            assertThat(record.reason()).contains("SOURCE", "is a source");
                            assertThat(record.trigger())
                                    .isEqualTo(RescaleTrigger.UPDATE_REQUIREMENT);
                        });
        assertThat(cluster.parallelism("SOURCE")).isEqualTo(1);
        assertThat(cluster.parallelism(CountingJob.COUNT)).isEqualTo(4);
        assertThat(cluster.restarts(CountingJob.CHECK)).isEqualTo(1);

        // And the job that came back is rescaled live again.
        put(Map.of(CountingJob.COUNT, 3));
        cluster.awaitHistory(2);
        assertLive(cluster.history().get(0));
        Pace.hurry(run);
        cluster.awaitResult();
        assertThat(observed.distinct()).isEqualTo(RECORDS);
        assertThat(observed.keysWithHoles()).isZero();
    }

    private void put(Map<String, Integer> upperBounds) throws Exception {
        cluster.putUpperBounds(upperBounds);
    }

    private void awaitHistoryAt(int parallelism) throws Exception {
        RescalableCluster.waitUntil(
                "the job is rescaled to " + parallelism,
                () ->
                        !cluster.history().isEmpty()
                                && cluster.history().get(0).to() == parallelism
                                && cluster.history().get(0).outcome().isTerminal(),
                cluster::history);
        assertThat(cluster.parallelism(CountingJob.COUNT)).isEqualTo(parallelism);
    }

    private static void assertLive(RescaleRecord record) {
        assertThat(record.outcome()).as("%s", record).isEqualTo(RescaleOutcome.COMPLETED);
        assertThat(record.mode()).isEqualTo(RescaleMode.LIVE);
        assertThat(record.trigger()).isEqualTo(RescaleTrigger.UPDATE_REQUIREMENT);
        assertThat(record.reason()).contains("resource-requirements");
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
