package dev.tern.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.rescale.request.RescaleMode;
import dev.tern.rescale.request.RescaleOutcome;
import dev.tern.rescale.request.RescaleRecord;
import dev.tern.rescale.request.RescaleRequest;

import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;

/** With unaligned checkpoints: they go on after every rescale and restore exactly once. */
class UnalignedITCase {

    private static final String RUN = "unaligned";
    private static final long RECORDS = 800_000;

    @TempDir private Path directory;

    @Test
    void checkpointsGoOnAndRestore() throws Exception {
        Configuration configuration = RescalableCluster.configuration(directory);
        configuration.set(CheckpointingOptions.ENABLE_UNALIGNED, true);
        configuration.set(CheckpointingOptions.ALIGNED_CHECKPOINT_TIMEOUT, Duration.ZERO);
        try (RescalableCluster cluster = new RescalableCluster(configuration, 4)) {
            cluster.submit(CountingJob.graph(configuration, RUN, RECORDS, 25_000));
            cluster.awaitRunning();
            Observations observed = Observations.of(RUN);
            RescalableCluster.waitUntil("records flow", () -> observed.records() > 1_000);
            rescale(cluster, 4, "minimal");
            rescale(cluster, 3, "minimal");
            fail(cluster, 2);
            assertThat(cluster.parallelism(CountingJob.COUNT)).isEqualTo(3);

            // Contiguous again: from here on checkpoints are unaligned again.
            rescale(cluster, 5, "minimal");
            rescale(cluster, 4, "contiguous");
            fail(cluster, 3);
            assertThat(cluster.parallelism(CountingJob.COUNT)).isEqualTo(4);

            Pace.hurry(RUN);
            cluster.awaitResult();
            assertThat(observed.distinct()).isEqualTo(RECORDS);
            assertThat(observed.keysWithHoles()).isZero();
        }
    }

    private static void rescale(RescalableCluster cluster, int parallelism, String placement)
            throws Exception {
        RescaleRecord rescale =
                cluster.rescaleWhenRunning(
                        RescaleRequest.of(
                                CountingJob.COUNT, parallelism, null, placement, false, false));
        assertThat(rescale.outcome()).as("%s", rescale).isEqualTo(RescaleOutcome.COMPLETED);
        assertThat(rescale.mode()).isEqualTo(RescaleMode.LIVE);
        cluster.awaitCheckpoint();
    }

    private static void fail(RescalableCluster cluster, int subtask) throws Exception {
        int before = cluster.restarts(CountingJob.CHECK);
        Failures.arm(RUN, subtask);
        RescalableCluster.waitUntil(
                "the job restarts", () -> cluster.restarts(CountingJob.CHECK) > before);
    }
}
