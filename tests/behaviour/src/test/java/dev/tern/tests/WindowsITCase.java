package dev.tern.tests;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.KeyedStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.streaming.api.functions.windowing.ProcessWindowFunction;
import org.apache.flink.streaming.api.windowing.assigners.EventTimeSessionWindows;
import org.apache.flink.streaming.api.windowing.assigners.GlobalWindows;
import org.apache.flink.streaming.api.windowing.assigners.SlidingEventTimeWindows;
import org.apache.flink.streaming.api.windowing.assigners.TumblingEventTimeWindows;
import org.apache.flink.streaming.api.windowing.triggers.ContinuousEventTimeTrigger;
import org.apache.flink.streaming.api.windowing.triggers.CountTrigger;
import org.apache.flink.streaming.api.windowing.triggers.PurgingTrigger;
import org.apache.flink.streaming.api.windowing.windows.TimeWindow;
import org.apache.flink.util.Collector;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Windows of every kind over records out of order, without lateness, and beside an idle source: what
 * comes out is what a pure function of the input says. Tumbling ones: {@link StatesAndTimeITCase}.
 */
class WindowsITCase {

    private static final long RECORDS = 30_000;
    private static final double RATE = 5_000;

    @TempDir private static Path directory;

    private static Configuration configuration;
    private static RescalableCluster cluster;

    @BeforeAll
    static void start() throws Exception {
        configuration = RescalableCluster.configuration(directory);
        cluster = new RescalableCluster(configuration, 4);
    }

    @AfterAll
    static void stop() throws Exception {
        cluster.close();
    }

    @ParameterizedTest
    @EnumSource(names = {"HEAP", "ROCKSDB"})
    void slidingWindows(Backend backend) throws Exception {
        String run = "windows-sliding-" + backend;
        Ids ids = new Ids(run, RECORDS, RATE);
        StreamExecutionEnvironment env = Ids.environment(backend.inJob(configuration));
        rescaleInTheMiddle(
                env,
                run,
                keyed(env, ids)
                        .window(
                                SlidingEventTimeWindows.of(
                                        Duration.ofMillis(600), Duration.ofMillis(200)))
                        .aggregate(new CountWindow(), new ReportWindow(run)));

        Map<String, Long> expected = new TreeMap<>();
        for (long id = 0; id < RECORDS; id++) {
            long last = ids.timestamp(id) - Math.floorMod(ids.timestamp(id), 200L);
            for (long start = last; start > ids.timestamp(id) - 600; start -= 200) {
                expected.merge(Ids.key(id) + "@" + start, 1L, Long::sum);
            }
        }
        Observations.of(run).assertResults(expected);
    }

    /** Sessions grow and merge: the time between two records of a key is above and below the gap. */
    @ParameterizedTest
    @EnumSource(names = {"HEAP", "ROCKSDB_HEAP_TIMERS"})
    void sessionWindows(Backend backend) throws Exception {
        String run = "windows-session-" + backend;
        long gap = 70;
        Ids ids = new Ids(run, RECORDS, RATE);
        StreamExecutionEnvironment env = Ids.environment(backend.inJob(configuration));
        rescaleInTheMiddle(
                env,
                run,
                keyed(env, ids)
                        .window(EventTimeSessionWindows.withGap(Duration.ofMillis(gap)))
                        .aggregate(new CountWindow(), new ReportWindow(run)));

        Map<Long, List<Long>> timesByKey = new TreeMap<>();
        for (long id = 0; id < RECORDS; id++) {
            timesByKey.computeIfAbsent(Ids.key(id), key -> new ArrayList<>()).add(ids.timestamp(id));
        }
        Map<String, Long> expected = new TreeMap<>();
        timesByKey.forEach(
                (key, times) -> {
                    Collections.sort(times);
                    long start = 0;
                    long last = Long.MIN_VALUE;
                    for (long time : times) {
                        start = last == Long.MIN_VALUE || time > last + gap ? time : start;
                        last = time;
                        expected.merge(key + "@" + start, 1L, Long::sum);
                    }
                });
        assertThat(Set.copyOf(expected.values())).as("lengths of sessions").contains(1L, 2L, 5L);
        Observations.of(run).assertResults(expected);
    }

    /** Purged after every tenth record of a key. */
    @Test
    void globalWindowsWithATriggerThatCounts() throws Exception {
        String run = "windows-global";
        Ids ids = new Ids(run, RECORDS, RATE);
        StreamExecutionEnvironment env = Ids.environment(configuration);
        rescaleInTheMiddle(
                env,
                run,
                keyed(env, ids)
                        .window(GlobalWindows.create())
                        .trigger(PurgingTrigger.of(CountTrigger.of(10)))
                        .aggregate(new CountWindow())
                        .process(new Sum(run)));
        long full = 0;
        for (long key = 0; key < Ids.KEYS; key++) {
            full += (RECORDS - key + Ids.KEYS - 1) / Ids.KEYS / 10;
        }
        assertThat(Observations.of(run).records()).isEqualTo(full);
        assertThat(Observations.of(run).counted()).isEqualTo(10 * full);
    }

    /** Windows of a second that fire, and are purged, at every 250 ms of event time. */
    @Test
    void windowsThatFireEarly() throws Exception {
        String run = "windows-early";
        Ids ids = new Ids(run, RECORDS, RATE);
        StreamExecutionEnvironment env = Ids.environment(configuration);
        rescaleInTheMiddle(
                env,
                run,
                keyed(env, ids)
                        .window(TumblingEventTimeWindows.of(Duration.ofSeconds(1)))
                        .trigger(
                                PurgingTrigger.of(
                                        ContinuousEventTimeTrigger.of(Duration.ofMillis(250))))
                        .aggregate(new CountWindow())
                        .process(new Sum(run)));
        // Which record is in which firing depends on when it came; none is lost or fires twice.
        assertThat(Observations.of(run).counted()).isEqualTo(RECORDS);
    }

    /**
     * What fires is on time for windows downstream: no window moves to an owner that has already told
     * them that its end is over.
     */
    @Test
    void aSecondWindowMissesNothingOfTheFirst() throws Exception {
        String run = "windows-twice";
        long size = 40;
        Ids ids = new Ids(run, RECORDS, RATE);
        StreamExecutionEnvironment env = Ids.environment(configuration);
        submit(
                env,
                keyed(env, ids)
                        .window(TumblingEventTimeWindows.of(Duration.ofMillis(size)))
                        .aggregate(new CountWindow(), new OneForEachWindow())
                        .name("KEYED")
                        .keyBy(window -> window.f0)
                        .window(TumblingEventTimeWindows.of(Duration.ofMillis(size)))
                        .aggregate(new CountWindow(), new ReportWindow(run)));
        for (int i = 0; i < 3; i++) {
            rescale(run, 4, 3, 5, 2);
        }
        finish(run);

        Map<String, Set<Long>> keys = new TreeMap<>();
        for (long id = 0; id < RECORDS; id++) {
            long start = ids.timestamp(id) - Math.floorMod(ids.timestamp(id), size);
            keys.computeIfAbsent(
                            Ids.key(id) % OneForEachWindow.GROUPS + "@" + start,
                            ignored -> new TreeSet<>())
                    .add(Ids.key(id));
        }
        Map<String, Long> expected = new TreeMap<>();
        keys.forEach((window, ofIt) -> expected.put(window, (long) ofIt.size()));
        Observations.of(run).assertResults(expected);
    }

    private static KeyedStream<Tuple3<Long, Long, Long>, Long> keyed(
            StreamExecutionEnvironment env, Ids ids) {
        DataStream<Long> source = ids.source(env, "SOURCE", 2);
        // Says nothing until everything is over, and must not hold the others' time back.
        DataStream<Long> silent =
                new Ids(ids.run(), 1, 0)
                        .source(
                                env,
                                "SILENT",
                                1,
                                WatermarkStrategy.<Long>forMonotonousTimestamps()
                                        .withTimestampAssigner((id, previous) -> RECORDS)
                                        .withIdleness(Duration.ofMillis(20)))
                        .filter(id -> false);
        return source.union(silent)
                .map(id -> Tuple3.of(Ids.key(id), 0L, 1L))
                .returns(Types.TUPLE(Types.LONG, Types.LONG, Types.LONG))
                .keyBy(record -> record.f0);
    }

    private static void rescaleInTheMiddle(
            StreamExecutionEnvironment env, String run, SingleOutputStreamOperator<Long> windows)
            throws Exception {
        submit(env, windows.name("KEYED"));
        rescale(run, 4, 3, 5);
        finish(run);
    }

    private static void submit(
            StreamExecutionEnvironment env, SingleOutputStreamOperator<Long> results)
            throws Exception {
        results.rebalance().sinkTo(new DiscardingSink<>());
        cluster.submit(env.getStreamGraph().getJobGraph());
        cluster.awaitRunning();
    }

    private static void rescale(String run, int... parallelisms) throws Exception {
        RescalableCluster.waitUntil(
                "windows fire", () -> Observations.of(run).records() > 200);
        Live.rescale(cluster, "KEYED", parallelisms);
    }

    private static void finish(String run) throws Exception {
        long before = Observations.of(run).records();
        RescalableCluster.waitUntil(
                "windows go on firing", () -> Observations.of(run).records() > before + 200);
        Pace.hurry(run);
        cluster.awaitResult();
    }

    private static final class OneForEachWindow
            extends ProcessWindowFunction<Long, Tuple3<Long, Long, Long>, Long, TimeWindow> {

        private static final long serialVersionUID = 1L;
        private static final long GROUPS = 7;

        @Override
        public void process(
                Long key,
                Context context,
                Iterable<Long> counts,
                Collector<Tuple3<Long, Long, Long>> out) {
            out.collect(Tuple3.of(key % GROUPS, 0L, 1L));
        }
    }

    private static final class Sum extends ProcessFunction<Long, Long> {

        private static final long serialVersionUID = 1L;

        private final String run;

        private Sum(String run) {
            this.run = run;
        }

        @Override
        public void processElement(Long count, Context context, Collector<Long> out) {
            Observations.of(run).record();
            Observations.of(run).add(count);
            out.collect(count);
        }
    }
}
