package dev.tern.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.rescale.config.RescaleOptions;
import dev.tern.rescale.request.RescaleMode;
import dev.tern.rescale.request.RescaleOutcome;
import dev.tern.rescale.request.RescaleRecord;
import dev.tern.rescale.request.RescaleRequest;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;

import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Path;

class LiveRescaleITCase {

    private static final long RECORDS = 200_000;

    @TempDir private Path directory;

    @ParameterizedTest
    @CsvSource({
        "aligned,minimal,true,HEAP",
        "aligned,contiguous,false,HEAP",
        "stepwise,minimal,false,HEAP",
        "stepwise,contiguous,true,HEAP",
        "aligned,minimal,true,ROCKSDB",
        "stepwise,minimal,true,ROCKSDB_FULL"
    })
    void growsAndShrinksWithEveryCountRight(
            String strategy, String placement, boolean byReference, Backend backend)
            throws Exception {
        String run = strategy + placement + byReference + backend;
        Configuration configuration =
                backend.configure(RescalableCluster.configuration(directory));
        configuration.set(RescaleOptions.TRANSFER_BY_REFERENCE, byReference);
        // So small that every step moves one key group, in each of which several keys are counted.
        configuration.set(RescaleOptions.STEP_SIZE, new MemorySize(1));
        try (RescalableCluster cluster = new RescalableCluster(configuration, 4)) {
            cluster.submit(CountingJob.graph(configuration, run, RECORDS, 10_000));
            cluster.awaitRunning();
            Observations observed = Observations.of(run);
            RescalableCluster.waitUntil("records flow", () -> observed.records() > 1_000);

            for (int parallelism : new int[] {4, 3, 8, 1, 5}) {
                RescaleRecord rescale =
                        cluster.rescale(
                                RescaleRequest.of(
                                        CountingJob.COUNT, parallelism, strategy, placement, false, false));
                assertThat(rescale.outcome())
                        .as("%s", rescale.error())
                        .isEqualTo(RescaleOutcome.COMPLETED);
                assertThat(rescale.mode()).isEqualTo(RescaleMode.LIVE);
                assertThat(cluster.parallelism(CountingJob.COUNT)).isEqualTo(parallelism);
                observed.forgetServers();
                RescalableCluster.waitUntil(
                        "all subtasks serve", () -> observed.servers().size() == parallelism);
                cluster.awaitCheckpoint();
            }
            assertThat(cluster.restarts(CountingJob.CHECK)).isZero();

            Pace.hurry(run);
            cluster.awaitResult();
            assertThat(observed.distinct()).isEqualTo(RECORDS);
            assertThat(observed.keysWithHoles()).isZero();
            assertThat(observed.duplicates()).isZero();
        }
    }

    /** The end must not overtake units on their way; which comes first is left to chance. */
    @RepeatedTest(3)
    void losesNothingWhenTheInputEndsInTheMiddle(RepetitionInfo repetition) throws Exception {
        String run = "end-" + repetition.getCurrentRepetition();
        Configuration configuration = RescalableCluster.configuration(directory);
        configuration.set(RescaleOptions.TRANSFER_BY_REFERENCE, false);
        configuration.set(RescaleOptions.STEP_SIZE, new MemorySize(1));
        try (RescalableCluster cluster = new RescalableCluster(configuration, 4)) {
            cluster.submit(CountingJob.graph(configuration, run, 40_000, 6_000));
            cluster.awaitRunning();
            Observations observed = Observations.of(run);
            RescalableCluster.waitUntil("records flow", () -> observed.records() > 1_000);
            cluster.accepted(
                    RescaleRequest.of(CountingJob.COUNT, 5, "stepwise", null, false, false));
            RescalableCluster.waitUntil(
                    "the graph has grown", () -> cluster.parallelism(CountingJob.COUNT) == 5);
            Pace.hurry(run);
            cluster.awaitResult();
            assertThat(observed.distinct()).isEqualTo(40_000);
            assertThat(observed.keysWithHoles()).isZero();
        }
    }
}
