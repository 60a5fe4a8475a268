package dev.tern.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.rescale.request.RescaleOutcome;
import dev.tern.rescale.request.RescaleRecord;
import dev.tern.rescale.request.RescaleRequest;

import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.stream.Stream;

/** After a rescale every failure leads back to the wanted parallelism, exactly once. */
class RecoveryITCase {

    private static final long RECORDS = 200_000;
    private static final double RATE = 8_000;

    @TempDir private Path directory;

    static Stream<Arguments> placements() {
        return Stream.of(Backend.values())
                .flatMap(
                        backend ->
                                Stream.of("minimal", "contiguous")
                                        .filter(placement -> isInSuite(placement, backend))
                                        .map(placement -> Arguments.of(placement, backend)));
    }

    private static boolean isInSuite(String placement, Backend backend) {
        return Suite.isFull()
                || placement.equals("minimal")
                || backend == Backend.HEAP
                || backend == Backend.ROCKSDB;
    }

    @ParameterizedTest
    @MethodSource("placements")
    void restoresWhatWasCheckpointedAfterTheRescale(String placement, Backend backend)
            throws Exception {
        String run = "after-" + placement + backend;
        Configuration configuration =
                backend.configure(RescalableCluster.configuration(directory));
        try (RescalableCluster cluster = new RescalableCluster(configuration, 4)) {
            Observations observed = start(cluster, configuration, run);
            // Minimal placement is not contiguous any more after these.
            rescale(cluster, 4, placement);
            rescale(cluster, 3, placement);
            cluster.awaitCheckpoint();
            fail(cluster, run, 2);
            assertThat(cluster.parallelism(CountingJob.COUNT)).isEqualTo(3);

            rescale(cluster, 5, placement);
            cluster.awaitCheckpoint();
            fail(cluster, run, 4);
            assertThat(cluster.parallelism(CountingJob.COUNT)).isEqualTo(5);
            Pace.hurry(run);
            cluster.awaitResult();
            assertExactlyOnce(observed);
        }
    }

    @Test
    void restoresACheckpointFromBeforeTheRescaleAtTheNewParallelism() throws Exception {
        String run = "before";
        Configuration configuration = RescalableCluster.configuration(directory);
        configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofSeconds(3));
        try (RescalableCluster cluster = new RescalableCluster(configuration, 4)) {
            Observations observed = start(cluster, configuration, run);
            RescalableCluster.waitUntil(
                    "a checkpoint completes", () -> cluster.completedCheckpoints() > 0);
            rescale(cluster, 4, "minimal");
            fail(cluster, run, 3);
            assertThat(cluster.parallelism(CountingJob.COUNT)).isEqualTo(4);
            Pace.hurry(run);
            cluster.awaitResult();
            assertExactlyOnce(observed);
        }
    }

    /** Merged files belong to their task until the JobManager gets them with a checkpoint. */
    @ParameterizedTest
    @EnumSource(names = {"HEAP_MERGING", "ROCKSDB_MERGING"})
    void restoresTheFirstCheckpointWhichIsTakenAfterTheRescale(Backend backend) throws Exception {
        String run = "first-" + backend;
        Configuration configuration =
                backend.configure(RescalableCluster.configuration(directory));
        configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofHours(1));
        try (RescalableCluster cluster = new RescalableCluster(configuration, 4)) {
            Observations observed = start(cluster, configuration, run);
            rescale(cluster, 4, "minimal");
            assertThat(cluster.completedCheckpoints()).isZero();
            cluster.checkpoint();
            fail(cluster, run, 3);
            cluster.awaitTasks();
            assertThat(cluster.restarts(CountingJob.CHECK)).isEqualTo(1);
            Pace.hurry(run);
            cluster.awaitResult();
            assertExactlyOnce(observed);
        }
    }

    @ParameterizedTest
    @CsvSource({"20261121,HEAP", "20261122,ROCKSDB"})
    void survivesFailuresAtRandomMomentsOfRandomRescales(long seed, Backend backend)
            throws Exception {
        String run = "random-" + seed;
        Random random = new Random(seed);
        Configuration configuration =
                backend.configure(RescalableCluster.configuration(directory));
        try (RescalableCluster cluster = new RescalableCluster(configuration, 4)) {
            Observations observed = start(cluster, configuration, run);
            int failures = 0;
            for (int round = 0; round < 8; round++) {
                int parallelism = 1 + random.nextInt(6);
                if (parallelism != cluster.parallelism(CountingJob.COUNT)) {
                    boolean fails = random.nextBoolean();
                    int restarts = cluster.restarts(CountingJob.CHECK);
                    if (fails) {
                        Failures.arm(run, 0);
                    }
                    RescaleRecord rescale =
                            cluster.rescaleWhenRunning(
                                    RescaleRequest.of(
                                            CountingJob.COUNT,
                                            parallelism,
                                            null,
                                            random.nextBoolean() ? "minimal" : "contiguous",
                                            false,
                                            false));
                    if (fails) {
                        failures++;
                        awaitRestart(cluster, restarts);
                        cluster.awaitTasks();
                    } else {
                        assertThat(rescale.outcome())
                                .as("seed %d round %d: %s", seed, round, rescale)
                                .isEqualTo(RescaleOutcome.COMPLETED);
                    }
                }
            }
            assertThat(failures).isPositive();
            Pace.hurry(run);
            cluster.awaitResult();
            assertExactlyOnce(observed);
        }
    }

    private static Observations start(
            RescalableCluster cluster, Configuration configuration, String run) throws Exception {
        cluster.submit(CountingJob.graph(configuration, run, RECORDS, RATE));
        cluster.awaitRunning();
        Observations observed = Observations.of(run);
        RescalableCluster.waitUntil("records flow", () -> observed.records() > 1_000);
        return observed;
    }

    private static void rescale(RescalableCluster cluster, int parallelism, String placement)
            throws Exception {
        RescaleRecord rescale =
                cluster.rescaleWhenRunning(
                        RescaleRequest.of(
                                CountingJob.COUNT, parallelism, null, placement, false, false));
        assertThat(rescale.outcome()).as("%s", rescale.error()).isEqualTo(RescaleOutcome.COMPLETED);
    }

    private static void fail(RescalableCluster cluster, String run, int subtask) throws Exception {
        int before = cluster.restarts(CountingJob.CHECK);
        Failures.arm(run, subtask);
        awaitRestart(cluster, before);
    }

    private static void awaitRestart(RescalableCluster cluster, int before) throws Exception {
        RescalableCluster.waitUntil(
                "the job restarts", () -> cluster.restarts(CountingJob.CHECK) > before);
    }

    private static void assertExactlyOnce(Observations observed) {
        // Outputs are repeated after a restore; the counts themselves must be those of one pass.
        assertThat(observed.distinct()).isEqualTo(RECORDS);
        assertThat(observed.keysWithHoles()).isZero();
        assertThat(observed.notes()).isEmpty();
    }
}
