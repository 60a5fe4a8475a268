package dev.tern.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.rescale.request.RescaleMode;
import dev.tern.rescale.request.RescaleOutcome;
import dev.tern.rescale.request.RescaleRecord;
import dev.tern.rescale.request.RescaleRequest;

/** Rescales of a running job that must be live. */
final class Live {

    private Live() {}

    /** One after the other, with the default placement. */
    static void rescale(RescalableCluster cluster, String vertex, int... parallelisms)
            throws Exception {
        rescaleTo(cluster, null, vertex, parallelisms);
    }

    /** One after the other, with a placement. */
    static void rescaleTo(
            RescalableCluster cluster, String placement, String vertex, int... parallelisms)
            throws Exception {
        int restarts = cluster.restarts(vertex);
        for (int parallelism : parallelisms) {
            RescaleRecord rescale =
                    cluster.rescale(
                            RescaleRequest.of(vertex, parallelism, null, placement, false, false));
            assertThat(rescale.outcome())
                    .as("%s", rescale)
                    .isEqualTo(RescaleOutcome.COMPLETED);
            assertThat(rescale.mode()).isEqualTo(RescaleMode.LIVE);
            assertThat(cluster.parallelism(vertex)).isEqualTo(parallelism);
        }
        assertThat(cluster.restarts(vertex)).isEqualTo(restarts);
    }
}
