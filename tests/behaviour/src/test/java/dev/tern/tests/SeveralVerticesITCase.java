package dev.tern.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.rescale.request.RescaleMode;
import dev.tern.rescale.request.RescaleOutcome;
import dev.tern.rescale.request.RescaleRecord;
import dev.tern.rescale.request.RescaleRequest;

import org.apache.flink.configuration.Configuration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

/** Two keyed vertices, one of which feeds the other, are rescaled in turns. */
class SeveralVerticesITCase {

    private static final String RUN = "several-vertices";
    private static final long RECORDS = 200_000;

    @TempDir private Path directory;

    private RescalableCluster cluster;

    @Test
    void oneAfterTheOtherAndNeverTwoAtOnce() throws Exception {
        Configuration configuration = RescalableCluster.configuration(directory);
        try (RescalableCluster started = new RescalableCluster(configuration, 4)) {
            cluster = started;
            cluster.submit(CountingJob.graph(configuration, RUN, RECORDS, 6_000));
            cluster.awaitRunning();
            Observations observed = Observations.of(RUN);
            RescalableCluster.waitUntil("records flow", () -> observed.records() > 500);

            Blocks.arm(RUN + CountingJob.IN_OPEN, 2);
            String first = cluster.accepted(request(CountingJob.COUNT, 4));
            Blocks.awaitHeld(RUN + CountingJob.IN_OPEN);
            assertThat(cluster.refusal(request(CountingJob.CHECK, 4)))
                    .isEqualTo(
                            String.format(
                                    "Job %1$s is being rescaled; wait until that is over (flink"
                                            + " rescale %1$s --status).",
                                    cluster.job()));
            Blocks.release(RUN + CountingJob.IN_OPEN);
            assertLive(cluster.awaitEnd(first));

            rescale(CountingJob.CHECK, 4);
            rescale(CountingJob.COUNT, 3);
            rescale(CountingJob.CHECK, 1);
            rescale(CountingJob.COUNT, 1);
            rescale(CountingJob.CHECK, 3);
            cluster.awaitCheckpoint();
            assertThat(cluster.restarts("SOURCE")).isZero();

            Pace.hurry(RUN);
            cluster.awaitResult();
            assertThat(observed.distinct()).isEqualTo(RECORDS);
            assertThat(observed.keysWithHoles()).isZero();
            // Order is promised for each (channel, key); where COUNT has a new owner its results take
            // another channel to CHECK, so nothing is said about order there.
            assertThat(observed.duplicates()).isZero();
        }
    }

    private static RescaleRequest request(String vertex, int parallelism) {
        return RescaleRequest.of(vertex, parallelism, null, null, false, false);
    }

    private void rescale(String vertex, int parallelism) throws Exception {
        assertLive(cluster.rescale(request(vertex, parallelism)));
        assertThat(cluster.parallelism(vertex)).isEqualTo(parallelism);
    }

    private static void assertLive(RescaleRecord rescale) {
        assertThat(rescale.outcome()).as("%s", rescale).isEqualTo(RescaleOutcome.COMPLETED);
        assertThat(rescale.mode()).isEqualTo(RescaleMode.LIVE);
    }
}
