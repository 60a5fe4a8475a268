package dev.tern.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.rescale.request.RescaleMode;
import dev.tern.rescale.request.RescaleOutcome;
import dev.tern.rescale.request.RescaleRecord;
import dev.tern.rescale.request.RescaleRequest;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateChangelogOptions;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

/**
 * A job with a changelog is restarted at another parallelism and not rescaled live. Once is all that
 * stock Flink promises before the log has been materialized, see docs/CORRECTNESS.md.
 */
class ChangelogITCase {

    private static final long RECORDS = 40_000;
    private static final double RATE = 5_000;

    @TempDir private Path directory;

    private RescalableCluster cluster;

    @AfterEach
    void stop() throws Exception {
        cluster.close();
    }

    @Test
    void aRestartAtAnotherParallelismLosesNothing() throws Exception {
        String run = "changelog";
        Configuration configuration = RescalableCluster.configuration(directory);
        RescalableCluster.shortenSchedulerWaits(configuration);
        configuration.set(StateChangelogOptions.ENABLE_STATE_CHANGE_LOG, true);
        configuration.set(StateChangelogOptions.STATE_CHANGE_LOG_STORAGE, "filesystem");
        configuration.setString(
                "state.changelog.dstl.dfs.base-path",
                directory.resolve("changelog").toUri().toString());
        cluster = new RescalableCluster(configuration, 4);
        cluster.submit(CountingJob.graph(configuration, run, RECORDS, RATE));
        cluster.awaitRunning();
        Observations observed = Observations.of(run);
        RescalableCluster.waitUntil("records flow", () -> observed.records() > 500);
        cluster.awaitCheckpoint();

        RescaleRecord rescale =
                cluster.rescale(
                        RescaleRequest.of(CountingJob.COUNT, 4, null, null, false, true));
        assertThat(rescale.outcome()).as("%s", rescale).isEqualTo(RescaleOutcome.COMPLETED);
        assertThat(rescale.mode()).isEqualTo(RescaleMode.RESTART);
        assertThat(cluster.parallelism(CountingJob.COUNT)).isEqualTo(4);
        Pace.hurry(run);
        cluster.awaitResult();
        assertThat(observed.distinct()).isEqualTo(RECORDS);
        assertThat(observed.keysWithHoles()).isZero();
        assertThat(observed.notes()).isEmpty();
    }
}
