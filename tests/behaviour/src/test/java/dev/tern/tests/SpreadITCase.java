package dev.tern.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.rescale.request.RescaleMode;
import dev.tern.rescale.request.RescaleOutcome;
import dev.tern.rescale.request.RescaleRecord;
import dev.tern.rescale.request.RescaleRequest;

import org.apache.flink.configuration.Configuration;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.Map;

/** A vertex without keys, over whose subtasks records are spread. */
class SpreadITCase {

    private static final long RECORDS = 100_000;
    private static final double RATE = 5_000;

    @TempDir private Path directory;

    private RescalableCluster cluster;
    private String run;
    private Observations observed;

    @BeforeEach
    void start(TestInfo test) throws Exception {
        run = "spread-" + test.getTestMethod().orElseThrow().getName();
        Configuration configuration = RescalableCluster.configuration(directory);
        cluster = new RescalableCluster(configuration, 4);
        cluster.submit(CountingJob.spreadGraph(configuration, run, RECORDS, RATE));
        cluster.awaitRunning();
        observed = Observations.of(run);
        RescalableCluster.waitUntil("records flow", () -> observed.records() > 500);
    }

    @AfterEach
    void stop() throws Exception {
        cluster.close();
    }

    @Test
    void isRescaledAndLosesNothing() throws Exception {
        for (int parallelism : new int[] {4, 3, 1, 2}) {
            RescaleRecord rescale =
                    cluster.rescale(
                            RescaleRequest.of(
                                    CountingJob.SPREAD, parallelism, null, null, false, false));
            assertThat(rescale.outcome()).as("%s", rescale).isEqualTo(RescaleOutcome.COMPLETED);
            assertThat(rescale.mode()).isEqualTo(RescaleMode.LIVE);
            assertThat(rescale.volume().keyGroupsMoved()).isZero();
            assertThat(cluster.parallelism(CountingJob.SPREAD)).isEqualTo(parallelism);
            cluster.awaitCheckpoint();
        }
        assertNothingLost();
    }

    @Test
    void isRescaledTogetherWithAKeyedOneByOnePut() throws Exception {
        cluster.putUpperBounds(Map.of(CountingJob.SPREAD, 3, CountingJob.COUNT, 4));
        cluster.awaitHistory(1);
        RescaleRecord rescale = cluster.history().get(0);
        assertThat(rescale.outcome()).as("%s", rescale).isEqualTo(RescaleOutcome.COMPLETED);
        assertThat(rescale.mode()).isEqualTo(RescaleMode.LIVE);
        assertThat(rescale.changes()).hasSize(2);
        assertThat(cluster.parallelism(CountingJob.SPREAD)).isEqualTo(3);
        assertThat(cluster.parallelism(CountingJob.COUNT)).isEqualTo(4);
        assertNothingLost();
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
