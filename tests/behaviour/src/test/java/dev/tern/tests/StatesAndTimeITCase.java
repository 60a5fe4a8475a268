package dev.tern.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.rescale.config.RescaleOptions;
import dev.tern.rescale.request.RescaleOutcome;
import dev.tern.rescale.request.RescaleRecord;
import dev.tern.rescale.request.RescaleRequest;

import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.streaming.api.windowing.assigners.TumblingEventTimeWindows;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** Every kind of keyed state, timers and windows: what comes out equals a run without rescale. */
class StatesAndTimeITCase {

    private static final long RECORDS = 40_000;
    private static final double RATE = 5_000;
    private static final int KEYS = 97;
    private static final long WINDOW_MS = 500;

    @TempDir private Path directory;

    @ParameterizedTest
    @CsvSource({"minimal,false", "contiguous,true"})
    void everyStateAndEveryTimerMovesWithItsKey(String placement, boolean byReference)
            throws Exception {
        String run = "states-" + placement;
        Configuration configuration = configuration(byReference);
        try (RescalableCluster cluster = new RescalableCluster(configuration, 4)) {
            StreamExecutionEnvironment env = environment(configuration);
            source(env)
                    .keyBy(id -> id % KEYS)
                    .process(new EveryStateFunction(run))
                    .name("KEYED")
                    .rebalance()
                    .sinkTo(new DiscardingSink<>());
            rescaleInTheMiddle(cluster, env.getStreamGraph().getJobGraph(), run, placement);

            Observations observed = Observations.of(run);
            assertThat(observed.notes()).isEmpty();
            // One event-time timer for each record, each fired once; and one processing-time timer
            // for each key.
            assertThat(observed.fired("event")).isEqualTo(RECORDS);
            assertThat(observed.fired("processing")).isEqualTo(KEYS);
            assertThat(observed.duplicates()).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({"minimal,false", "contiguous,true"})
    void windowsWithoutLatenessLoseNothing(String placement, boolean byReference)
            throws Exception {
        String run = "windows-" + placement;
        Configuration configuration = configuration(byReference);
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
            rescaleInTheMiddle(cluster, env.getStreamGraph().getJobGraph(), run, placement);

            Map<String, Long> expected = new TreeMap<>();
            for (long id = 0; id < RECORDS; id++) {
                long start = timestampOf(id) - Math.floorMod(timestampOf(id), WINDOW_MS);
                expected.merge(id % KEYS + "@" + start, 1L, Long::sum);
            }
            assertThat(Observations.of(run).results()).isEqualTo(expected);
            assertThat(Observations.of(run).duplicates()).isZero();
        }
    }

    private static void rescaleInTheMiddle(
            RescalableCluster cluster, JobGraph graph, String run, String placement)
            throws Exception {
        cluster.submit(graph);
        cluster.awaitRunning();
        Observations observed = Observations.of(run);
        RescalableCluster.waitUntil("records flow", () -> observed.records() > 500);
        for (int parallelism : new int[] {4, 3, 5}) {
            RescaleRecord rescale =
                    cluster.rescale(
                            RescaleRequest.of("KEYED", parallelism, null, placement, false, false));
            assertThat(rescale.outcome())
                    .as("%s", rescale.error())
                    .isEqualTo(RescaleOutcome.COMPLETED);
        }
        assertThat(cluster.restarts("KEYED")).isZero();
        cluster.awaitResult();
    }

    private Configuration configuration(boolean byReference) {
        Configuration configuration = RescalableCluster.configuration(directory);
        configuration.set(RescaleOptions.TRANSFER_BY_REFERENCE, byReference);
        return configuration;
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
    private static DataStream<Long> source(StreamExecutionEnvironment env) {
        return env.fromSource(
                new DataGeneratorSource<>(
                        id -> id, RECORDS, RateLimiterStrategy.perSecond(RATE), Types.LONG),
                WatermarkStrategy.<Long>forBoundedOutOfOrderness(Duration.ofMillis(64))
                        .withTimestampAssigner((id, previous) -> timestampOf(id)),
                "SOURCE");
    }

    /** Both source subtasks go through the same time, and ids within 32 change places. */
    static long timestampOf(long id) {
        return (id % (RECORDS / 2)) ^ 31;
    }
}
