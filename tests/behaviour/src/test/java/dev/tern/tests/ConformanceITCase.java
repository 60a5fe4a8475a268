package dev.tern.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.rescale.request.RescaleMode;
import dev.tern.rescale.request.RescaleOutcome;
import dev.tern.rescale.request.RescaleRecord;

import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.streaming.api.windowing.assigners.TumblingEventTimeWindows;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What every strategy must hold, on every backend, with every placement, whatever the checkpoints:
 * exact counts and the order of each channel and key, also through a failure; every kind of state;
 * timers and windows as in a run that was never rescaled.
 *
 * <p>Some combinations by default, all with {@code -Pconformance}. A new strategy passes it as it
 * is.
 */
class ConformanceITCase {

    private static final long RECORDS = 40_000;
    private static final double RATE = 6_000;
    private static final int KEYS = 97;
    private static final long WINDOW_MS = 500;

    @TempDir private Path directory;

    private String run;
    private Observations observed;

    /** Whether every rescale so far was live, so that nothing was put out twice. */
    private boolean live = true;

    static List<Combination> combinations() {
        return Suite.isFull() ? Combination.all() : Combination.core();
    }

    @ParameterizedTest
    @MethodSource("combinations")
    void countsAreExactAndOrderIsKeptAlsoThroughAFailure(Combination combination)
            throws Exception {
        begin("counts", combination);
        Configuration configuration = combination.configuration(directory);
        try (RescalableCluster cluster = new RescalableCluster(configuration, 4)) {
            cluster.submit(CountingJob.graph(configuration, run, 2 * RECORDS, RATE));
            rescaleInTheMiddle(cluster, CountingJob.COUNT, combination, 4, 3);
            cluster.awaitCheckpoint();
            int before = cluster.restarts(CountingJob.CHECK);
            Failures.arm(run, 2);
            RescalableCluster.waitUntil(
                    "the job restarts", () -> cluster.restarts(CountingJob.CHECK) > before);
            assertThat(cluster.parallelism(CountingJob.COUNT)).isEqualTo(3);
            rescaleInTheMiddle(cluster, CountingJob.COUNT, combination, 5);
            Pace.hurry(run);
            cluster.awaitResult();
        }
        assertThat(observed.distinct()).isEqualTo(2 * RECORDS);
        assertThat(observed.keysWithHoles()).isZero();
        assertThat(observed.notes()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("combinations")
    void everyStateAndEveryTimerMovesWithItsKey(Combination combination) throws Exception {
        begin("states", combination);
        Configuration configuration = combination.configuration(directory);
        try (RescalableCluster cluster = new RescalableCluster(configuration, 4)) {
            StreamExecutionEnvironment env = environment(configuration);
            source(env)
                    .keyBy(id -> id % KEYS)
                    .process(new EveryStateFunction(run))
                    .name("KEYED")
                    .rebalance()
                    .sinkTo(new DiscardingSink<>());
            rescaleInTheMiddle(cluster, env.getStreamGraph().getJobGraph(), combination);
            if (live) {
                RescalableCluster.waitUntil(
                        "processing-time timers fire",
                        () -> observed.fired("processing") == KEYS,
                        () -> observed.fired("processing"));
            }
            finish(cluster);
        }
        assertThat(observed.notes()).isEmpty();
        // One event-time timer for each record, each fired once; and one processing-time timer
        // for each key.
        assertThat(observed.fired("event")).isEqualTo(RECORDS);
        if (live) {
            assertThat(observed.fired("processing")).isEqualTo(KEYS);
            assertThat(observed.duplicates()).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("combinations")
    void windowsWithoutLatenessLoseNothing(Combination combination) throws Exception {
        begin("windows", combination);
        Configuration configuration = combination.configuration(directory);
        try (RescalableCluster cluster = new RescalableCluster(configuration, 4)) {
            StreamExecutionEnvironment env = environment(configuration);
            source(env)
                    .map(id -> Tuple3.of(id % KEYS, 0L, 1L))
                    .returns(Types.TUPLE(Types.LONG, Types.LONG, Types.LONG))
                    .keyBy(t -> t.f0)
                    .window(TumblingEventTimeWindows.of(Duration.ofMillis(WINDOW_MS)))
                    .aggregate(new CountWindow(), new ReportWindow(run))
                    .name("KEYED")
                    .rebalance()
                    .sinkTo(new DiscardingSink<>());
            rescaleInTheMiddle(cluster, env.getStreamGraph().getJobGraph(), combination);
            finish(cluster);
        }
        Map<String, Long> expected = new TreeMap<>();
        for (long id = 0; id < RECORDS; id++) {
            long start = timestampOf(id) - Math.floorMod(timestampOf(id), WINDOW_MS);
            expected.merge(id % KEYS + "@" + start, 1L, Long::sum);
        }
        assertThat(observed.results()).isEqualTo(expected);
        if (live) {
            assertThat(observed.duplicates()).isZero();
        }
    }

    private void begin(String behaviour, Combination combination) {
        run = behaviour + "-" + combination;
        observed = Observations.of(run);
    }

    private void rescaleInTheMiddle(
            RescalableCluster cluster, JobGraph graph, Combination combination) throws Exception {
        cluster.submit(graph);
        rescaleInTheMiddle(cluster, "KEYED", combination, 4, 3, 5);
        assertThat(cluster.restarts("KEYED") == 0).isEqualTo(live);
    }

    private void finish(RescalableCluster cluster) throws Exception {
        Pace.hurry(run);
        cluster.awaitResult();
    }

    private void rescaleInTheMiddle(
            RescalableCluster cluster, String vertex, Combination combination, int... parallelisms)
            throws Exception {
        cluster.awaitRunning();
        RescalableCluster.waitUntil("records flow", () -> observed.records() > 500);
        for (int parallelism : parallelisms) {
            RescaleRecord rescale =
                    cluster.rescaleWhenRunning(combination.request(vertex, parallelism));
            assertThat(rescale.outcome()).as("%s", rescale).isEqualTo(RescaleOutcome.COMPLETED);
            assertThat(rescale.mode()).as("%s", rescale).isEqualTo(expectedMode(combination));
            live &= rescale.mode() == RescaleMode.LIVE;
            if (!live) {
                cluster.awaitRunning();
            }
        }
    }

    private static RescaleMode expectedMode(Combination combination) {
        return SupportTable.isLive("State backend `" + combination.backend().type() + "`")
                ? RescaleMode.LIVE
                : RescaleMode.RESTART;
    }

    private static StreamExecutionEnvironment environment(Configuration configuration) {
        StreamExecutionEnvironment env =
                StreamExecutionEnvironment.getExecutionEnvironment(configuration);
        env.setParallelism(2);
        env.setMaxParallelism(64);
        env.getConfig().setAutoWatermarkInterval(5);
        return env;
    }

    /** Out of order by less than the watermark's bound; nothing is late. */
    private DataStream<Long> source(StreamExecutionEnvironment env) {
        return env.fromSource(
                Pace.source(run, id -> id, RECORDS, RATE, Types.LONG),
                WatermarkStrategy.<Long>forBoundedOutOfOrderness(Duration.ofMillis(64))
                        .withTimestampAssigner((id, previous) -> timestampOf(id)),
                "SOURCE");
    }

    /** Both source subtasks go through the same time, and ids within 32 change places. */
    static long timestampOf(long id) {
        return (id % (RECORDS / 2)) ^ 31;
    }
}
