package dev.tern.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.rescale.request.RescaleOutcome;
import dev.tern.rescale.request.RescaleRecord;
import dev.tern.rescale.request.RescaleRequest;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.HighAvailabilityOptions;
import org.apache.flink.runtime.jobgraph.JobVertexID;
import org.apache.flink.runtime.jobgraph.JobVertexResourceRequirements.Parallelism;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

/** A JobManager that takes over finds the parallelism that was wanted last. */
class StoredRequirementsITCase {

    private static final String RUN = "stored";

    @TempDir private Path directory;

    @Test
    void whatARescaleWantsIsStoredAndTakenBackWithIt() throws Exception {
        Configuration configuration = RescalableCluster.configuration(directory);
        configuration.set(HighAvailabilityOptions.HA_MODE, StoringHaServices.class.getName());
        try (RescalableCluster cluster = new RescalableCluster(configuration, 4)) {
            cluster.submit(CountingJob.graph(configuration, RUN, 1L << 40, 2_000));
            cluster.awaitRunning();
            Observations observed = Observations.of(RUN);
            RescalableCluster.waitUntil("records flow", () -> observed.records() > 100);
            assertThat(rescale(cluster, 4).outcome()).isEqualTo(RescaleOutcome.COMPLETED);
            awaitStored(cluster, 4);
            Failures.arm(RUN + CountingJob.IN_OPEN, 5);
            assertThat(rescale(cluster, 6).outcome()).isEqualTo(RescaleOutcome.ABORTED);
            awaitStored(cluster, 4);
            assertThat(rescale(cluster, 3).outcome()).isEqualTo(RescaleOutcome.COMPLETED);
            awaitStored(cluster, 3);
            whatAPutWantsToo(cluster);
            assertThat(cluster.restarts(CountingJob.CHECK)).isZero();
        }
    }

    private static void whatAPutWantsToo(RescalableCluster cluster) throws Exception {
        int rescales = cluster.history().size();
        cluster.putBounds(CountingJob.COUNT, 2, 5);
        cluster.awaitHistory(rescales + 1);
        assertThat(cluster.history().get(0).outcome()).isEqualTo(RescaleOutcome.COMPLETED);
        awaitStored(cluster, 2, 5);
        Failures.arm(RUN + CountingJob.IN_OPEN, 5);
        cluster.putBounds(CountingJob.COUNT, 4, 6);
        cluster.awaitHistory(rescales + 2);
        assertThat(cluster.history().get(0).outcome()).isEqualTo(RescaleOutcome.ABORTED);
        awaitStored(cluster, 2, 5);
        assertThat(cluster.parallelism(CountingJob.COUNT)).isEqualTo(5);
    }

    private static RescaleRecord rescale(RescalableCluster cluster, int parallelism)
            throws Exception {
        return cluster.rescale(
                RescaleRequest.of(CountingJob.COUNT, parallelism, null, null, false, false));
    }

    private static void awaitStored(RescalableCluster cluster, int upperBound) throws Exception {
        awaitStored(cluster, 1, upperBound);
    }

    private static void awaitStored(RescalableCluster cluster, int lowerBound, int upperBound)
            throws Exception {
        JobVertexID vertex = cluster.vertex(CountingJob.COUNT).getJobVertexId();
        RescalableCluster.waitUntil(
                lowerBound + " to " + upperBound + " is stored",
                () ->
                        StoringHaServices.stored(cluster.job())
                                .map(stored -> stored.getParallelism(vertex))
                                .filter(new Parallelism(lowerBound, upperBound)::equals)
                                .isPresent());
    }
}
