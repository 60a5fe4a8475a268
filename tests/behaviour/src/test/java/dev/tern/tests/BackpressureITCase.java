package dev.tern.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.rescale.config.RescaleOptions;
import dev.tern.rescale.request.RescaleOutcome;
import dev.tern.rescale.request.RescaleRecord;
import dev.tern.rescale.request.RescaleRequest;
import dev.tern.rescale.request.RescaleState;
import dev.tern.rescale.request.StateSpan;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.MetricOptions;
import org.apache.flink.configuration.NettyShuffleEnvironmentOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;

/** People scale out when their operators are saturated: all buffers before them are full. */
class BackpressureITCase {

    private static final long RECORDS = 200_000;

    /** More than an operator that takes its time can do. */
    private static final double RATE = 1_000_000;

    /** What one that does not can do, so that the input is not through too early. */
    private static final double STEADY_RATE = 20_000;

    /** The part of its output buffers that a task has filled. */
    private static final String OUTPUT_USAGE = "Shuffle.Netty.Output.Buffers.outPoolUsage";

    private static final long ACKNOWLEDGED_MS = 1_000;

    @TempDir private Path directory;

    private Path temporary;
    private String run;
    private Configuration configuration;
    private RescalableCluster cluster;
    private Observations observed;

    @BeforeEach
    void configure(TestInfo test) throws Exception {
        run = "pressed-" + test.getTestMethod().orElseThrow().getName();
        observed = Observations.of(run);
        temporary = Files.createDirectories(directory.resolve("tmp"));
        configuration = RescalableCluster.configuration(directory);
        configuration.set(CoreOptions.TMP_DIRS, temporary.toString());
        configuration.set(MetricOptions.METRIC_FETCHER_UPDATE_INTERVAL, Duration.ofMillis(50));
        configuration.set(TaskManagerOptions.MEMORY_SEGMENT_SIZE, new MemorySize(4096));
    }

    @AfterEach
    void stop() throws Exception {
        Slowness.end(run);
        cluster.close();
    }

    @Test
    void aSaturatedOperatorIsRescaled() throws Exception {
        begin();
        for (int parallelism : new int[] {4, 3}) {
            awaitSaturation();
            RescaleRecord rescale = rescale(parallelism, "stepwise");
            assertThat(millisIn(RescaleState.PREFLIGHT, rescale)).isLessThan(ACKNOWLEDGED_MS);
            assertThat(millisIn(RescaleState.PREPARE_OWNERS, rescale))
                    .isLessThan(ACKNOWLEDGED_MS);
        }
        awaitSaturation();
        long overtaken = InjectingTaskHooks.overtakenBuffers();
        assertThat(rescale(4, "aligned").volume().reRoutedRecords()).isZero();
        assertThat(InjectingTaskHooks.overtakenBuffers()).isEqualTo(overtaken);
        finish();
    }

    @Test
    void fewNetworkBuffersAreEnough() throws Exception {
        MemorySize network = new MemorySize(64 * 4096);
        configuration.set(TaskManagerOptions.NETWORK_MEMORY_MIN, network);
        configuration.set(TaskManagerOptions.NETWORK_MEMORY_MAX, network);
        // So that channels have next to no buffers of their own.
        configuration.set(
                NettyShuffleEnvironmentOptions.NETWORK_READ_MAX_REQUIRED_BUFFERS_PER_GATE, 1);
        begin();
        for (int parallelism : new int[] {4, 2}) {
            awaitSaturation();
            rescale(parallelism, "stepwise");
        }
        awaitSaturation();
        rescale(3, "aligned");
        finish();
    }

    /** Fails with every other strategy: their markers overtake nothing, and no record comes late. */
    @Test
    void unitsLeaveBeforeTheQueuesAreEmpty() throws Exception {
        begin();
        for (int parallelism : new int[] {4, 3}) {
            awaitSaturation();
            long overtaken = InjectingTaskHooks.overtakenBuffers();
            RescaleRecord rescale = rescale(parallelism, "drrs");
            assertThat(InjectingTaskHooks.overtakenBuffers())
                    .as("buffers that markers have overtaken")
                    .isGreaterThan(overtaken);
            assertThat(rescale.volume().reRoutedRecords()).isPositive();
        }
        finish();
    }

    @Test
    void recordsThatWaitGoToDiskPastTheBound() throws Exception {
        run = HeldOnWrite.RUNS + run;
        observed = Observations.of(run);
        configuration.set(RescaleOptions.TRANSFER_BY_REFERENCE, false);
        configuration.set(RescaleOptions.SET_ASIDE_MEMORY, MemorySize.parse("64kb"));
        JobGraph graph = submit(STEADY_RATE);
        RescalableCluster.waitUntil("records flow", () -> observed.records() > 500);
        Injection.of(graph.getJobID())
                .onEntry(
                        RescaleState.MIGRATE,
                        () -> Blocks.arm(run + CountingJob.IN_WRITE, 0));
        String id = cluster.accepted(request(4, "aligned"));
        RescalableCluster.waitUntil(
                "records go to disk", () -> setAsideFiles() > 0, () -> cluster.record(id));
        Blocks.release(run + CountingJob.IN_WRITE);
        RescaleRecord rescale = cluster.awaitEnd(id);
        assertThat(rescale.outcome()).as("%s", rescale).isEqualTo(RescaleOutcome.COMPLETED);
        assertThat(rescale.volume().setAsideSpilledBytes()).isPositive();
        assertThat(rescale.volume().setAsidePeakBytes()).isGreaterThan(64 * 1024);
        assertThat(setAsideFiles()).isZero();
        RescalableCluster.waitUntil(
                "the metrics show it",
                () ->
                        metric("/metrics?get=rescale.setAsideSpilledBytes", "value")
                                        == rescale.volume().setAsideSpilledBytes()
                                && metric("/metrics?get=rescale.lastSetAsidePeakBytes", "value")
                                        == rescale.volume().setAsidePeakBytes());
        finish();
    }

    private void begin() throws Exception {
        Slowness.begin(run);
        submit(RATE);
    }

    private JobGraph submit(double rate) throws Exception {
        cluster = new RescalableCluster(configuration, 4);
        JobGraph graph = CountingJob.graph(configuration, run, RECORDS, rate);
        cluster.submit(graph);
        cluster.awaitRunning();
        cluster.awaitTasks();
        return graph;
    }

    /** Waits until both sources have next to no buffer left to write to. */
    private void awaitSaturation() throws Exception {
        String source = cluster.vertex("SOURCE").getJobVertexId().toHexString();
        RescalableCluster.waitUntil(
                "the sources are held up",
                () ->
                        metric(
                                        "/vertices/"
                                                + source
                                                + "/subtasks/metrics?agg=min&get="
                                                + OUTPUT_USAGE,
                                        "min")
                                >= 0.8);
    }

    /** Not a number while there is no such metric. */
    private double metric(String path, String field) throws Exception {
        JsonNode metrics = new ObjectMapper().readTree(cluster.rest("GET", path, ""));
        return metrics.isEmpty() ? Double.NaN : metrics.get(0).get(field).asDouble();
    }

    private RescaleRecord rescale(int parallelism, String strategy) throws Exception {
        RescaleRecord rescale = cluster.rescale(request(parallelism, strategy));
        assertThat(rescale.outcome()).as("%s", rescale).isEqualTo(RescaleOutcome.COMPLETED);
        return rescale;
    }

    private static RescaleRequest request(int parallelism, String strategy) {
        return RescaleRequest.of(
                CountingJob.COUNT, parallelism, strategy, null, false, false);
    }

    private static long millisIn(RescaleState state, RescaleRecord rescale) {
        StateSpan span =
                rescale.states().stream()
                        .filter(each -> each.state() == state)
                        .findFirst()
                        .orElseThrow();
        return span.endMillis() - span.startMillis();
    }

    private long setAsideFiles() throws IOException {
        try (Stream<Path> files = Files.walk(temporary)) {
            return files.filter(file -> file.getFileName().toString().startsWith("tern-set-aside"))
                    .count();
        }
    }

    private void finish() throws Exception {
        assertThat(cluster.restarts(CountingJob.CHECK)).isZero();
        Slowness.end(run);
        Pace.hurry(run);
        cluster.awaitResult();
        assertThat(observed.distinct()).isEqualTo(RECORDS);
        assertThat(observed.keysWithHoles()).isZero();
        assertThat(observed.duplicates()).isZero();
        assertThat(observed.notes()).isEmpty();
    }
}
