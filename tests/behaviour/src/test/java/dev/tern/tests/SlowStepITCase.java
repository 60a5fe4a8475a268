package dev.tern.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.rescale.config.RescaleOptions;
import dev.tern.rescale.request.RescaleOutcome;
import dev.tern.rescale.request.RescaleRecord;
import dev.tern.rescale.request.RescaleRequest;
import dev.tern.rescale.request.RescaleState;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;

/** A step takes its time, and the rescale stops after it. */
class SlowStepITCase {

    private static final long RECORDS = 100_000;
    private static final double RATE = 5_000;

    @TempDir private Path directory;

    private RescalableCluster cluster;
    private String run;
    private Observations observed;

    @AfterEach
    void stop() throws Exception {
        cluster.close();
    }

    @Test
    void aStepThatMakesRecordsWaitTooLongIsTheLast() throws Exception {
        Configuration configuration = configuration();
        configuration.set(RescaleOptions.MAX_SUSPENSION, Duration.ofMillis(50));
        start("patience", configuration);
        String id = beginSlowStep(4);
        long before = observed.records();
        RescalableCluster.waitUntil("records wait", () -> observed.records() > before + 1_000);
        Blocks.release(run + CountingJob.IN_WRITE);
        RescaleRecord rescale = cluster.awaitEnd(id);
        assertThat(rescale.outcome()).as("%s", rescale).isEqualTo(RescaleOutcome.ABORTED);
        assertThat(rescale.stoppedMidway()).isTrue();
        assertThat(rescale.error())
                .startsWith("Records waited ")
                .contains(
                        "rescale.max-suspension is 50 ms. Stopped after step 1 of ",
                        ": 1 of 32 key groups have moved");
        assertThat(cluster.parallelism(CountingJob.COUNT)).isEqualTo(4);
        assertThat(cluster.upperBound(CountingJob.COUNT)).isEqualTo(4);
        Pace.hurry(run);
        assertNothingHappened();
    }

    /** Returns when units of the first step are being written, which does not end by itself. */
    private String beginSlowStep(int parallelism) throws Exception {
        cluster.awaitCheckpoint();
        // Checkpoints write state, too: they are kept away from here on.
        Blocks.arm(run + CountingJob.IN_OPEN, parallelism - 1);
        String id =
                cluster.accepted(
                        RescaleRequest.of(
                                CountingJob.COUNT, parallelism, null, null, false, false));
        Blocks.awaitHeld(run + CountingJob.IN_OPEN);
        Blocks.arm(run + CountingJob.IN_WRITE, 0);
        Blocks.release(run + CountingJob.IN_OPEN);
        Blocks.awaitHeld(run + CountingJob.IN_WRITE);
        assertThat(cluster.record(id).state()).isEqualTo(RescaleState.MIGRATE);
        return id;
    }

    private void assertNothingHappened() throws Exception {
        cluster.awaitResult();
        assertThat(cluster.restarts(CountingJob.CHECK)).isZero();
        assertThat(observed.distinct()).isEqualTo(RECORDS);
        assertThat(observed.keysWithHoles()).isZero();
        assertThat(observed.duplicates()).isZero();
    }

    private Configuration configuration() {
        Configuration configuration = RescalableCluster.configuration(directory);
        configuration.set(RescaleOptions.TRANSFER_BY_REFERENCE, false);
        configuration.set(RescaleOptions.STEP_SIZE, new MemorySize(1));
        return configuration;
    }

    private void start(String name, Configuration configuration) throws Exception {
        run = HeldOnWrite.RUNS + "slow-" + name;
        cluster = new RescalableCluster(configuration, 4);
        cluster.submit(CountingJob.graph(configuration, run, RECORDS, RATE));
        cluster.awaitRunning();
        observed = Observations.of(run);
        RescalableCluster.waitUntil("records flow", () -> observed.records() > 500);
    }
}
