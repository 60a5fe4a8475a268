package dev.tern.tests;

import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.co.ProcessJoinFunction;
import org.apache.flink.streaming.api.windowing.assigners.TumblingEventTimeWindows;
import org.apache.flink.util.Collector;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Joins of two sources whose watermarks are aligned with each other: every pair comes out once, and
 * no other.
 */
class JoinsITCase {

    private static final long RECORDS = 20_000;
    private static final double RATE = 2_500;

    /** Ids of the right side are as old as left ones that are so much smaller. */
    private static final long SHIFT = 40;

    @RegisterExtension static final SharedCluster SHARED = new SharedCluster();

    @Test
    void anIntervalJoin() throws Exception {
        String run = "join-interval";
        Ids ids = new Ids(run, RECORDS, RATE);
        StreamExecutionEnvironment env = Ids.environment(SHARED.configuration());
        rescaleInTheMiddle(
                env,
                run,
                left(env, ids)
                        .keyBy(Ids::key)
                        .intervalJoin(right(env, ids).keyBy(Ids::key))
                        .between(Duration.ofMillis(-100), Duration.ofMillis(100))
                        .process(new ReportPair(run)));

        Map<String, Long> expected = new TreeMap<>();
        Map<Long, TreeMap<Long, Long>> rightByKeyAndTime = new HashMap<>();
        for (long id = 0; id < RECORDS; id++) {
            rightByKeyAndTime
                    .computeIfAbsent(Ids.key(id), key -> new TreeMap<>())
                    .put(ids.timestamp(id) + SHIFT, id);
        }
        for (long left = 0; left < RECORDS; left++) {
            long time = ids.timestamp(left);
            for (long right :
                    rightByKeyAndTime
                            .get(Ids.key(left))
                            .subMap(time - 100, true, time + 100, true)
                            .values()) {
                expected.put(left + "|" + right, 1L);
            }
        }
        Observations.of(run).assertResults(expected);
    }

    @Test
    void aWindowJoin() throws Exception {
        String run = "join-window";
        Ids ids = new Ids(run, RECORDS, RATE);
        StreamExecutionEnvironment env = Ids.environment(SHARED.configuration());
        DataStream<Long> pairs =
                left(env, ids)
                        .join(right(env, ids))
                        .where(Ids::key)
                        .equalTo(Ids::key)
                        .window(TumblingEventTimeWindows.of(Duration.ofMillis(200)))
                        .apply(
                                (left, right) -> {
                                    Observations.of(run).record();
                                    Observations.of(run).result(left + "|" + right, 1L);
                                    return left;
                                },
                                Types.LONG);
        rescaleInTheMiddle(env, run, (SingleOutputStreamOperator<Long>) pairs);

        Map<String, Long> expected = new TreeMap<>();
        Map<String, Map<Long, Long>> rightByWindow = new HashMap<>();
        for (long id = 0; id < RECORDS; id++) {
            rightByWindow
                    .computeIfAbsent(
                            Ids.key(id) + "@" + (ids.timestamp(id) + SHIFT) / 200,
                            window -> new HashMap<>())
                    .put(id, 1L);
        }
        for (long left = 0; left < RECORDS; left++) {
            String window = Ids.key(left) + "@" + ids.timestamp(left) / 200;
            for (long right : rightByWindow.getOrDefault(window, Map.of()).keySet()) {
                expected.put(left + "|" + right, 1L);
            }
        }
        Observations.of(run).assertResults(expected);
    }

    private static DataStream<Long> left(StreamExecutionEnvironment env, Ids ids) {
        return ids.source(env, "LEFT", 2, aligned(ids.watermarks()));
    }

    private static DataStream<Long> right(StreamExecutionEnvironment env, Ids ids) {
        WatermarkStrategy<Long> later =
                ids.watermarks()
                        .withTimestampAssigner((id, previous) -> ids.timestamp(id) + SHIFT);
        return ids.source(env, "RIGHT", 2, aligned(later));
    }

    private static WatermarkStrategy<Long> aligned(WatermarkStrategy<Long> watermarks) {
        return watermarks.withWatermarkAlignment(
                "both", Duration.ofMillis(300), Duration.ofMillis(20));
    }

    private static void rescaleInTheMiddle(
            StreamExecutionEnvironment env, String run, SingleOutputStreamOperator<Long> joined)
            throws Exception {
        SHARED.rescaleInTheMiddle(env, run, joined, 300, 4, 3, 1, 5);
    }

    private static final class ReportPair extends ProcessJoinFunction<Long, Long, Long> {

        private static final long serialVersionUID = 1L;

        private final String run;

        private ReportPair(String run) {
            this.run = run;
        }

        @Override
        public void processElement(Long left, Long right, Context context, Collector<Long> out) {
            Observations.of(run).record();
            Observations.of(run).result(left + "|" + right, 1L);
            out.collect(left);
        }
    }
}
