package dev.tern.tests;

import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

import java.io.Serializable;
import java.time.Duration;

/**
 * Input whose every property is known beforehand: ids from zero on, spread over keys, with
 * timestamps out of order by less than the bound of the watermarks, so that at parallelism two, where
 * both subtasks go through the same time, nothing is late.
 *
 * @param run names the {@link Pace}
 * @param records how many ids there are
 * @param perSecond how many come in a second until the run is hurried
 */
record Ids(String run, long records, double perSecond) implements Serializable {

    static final int KEYS = 97;

    /** Further apart in time than two ids that have changed places. */
    private static final Duration OUT_OF_ORDER = Duration.ofMillis(64);

    static StreamExecutionEnvironment environment(Configuration configuration) {
        StreamExecutionEnvironment env =
                StreamExecutionEnvironment.getExecutionEnvironment(configuration);
        env.setParallelism(2);
        env.setMaxParallelism(CountingJob.MAX_PARALLELISM);
        env.getConfig().setAutoWatermarkInterval(5);
        return env;
    }

    static long key(long id) {
        return id % KEYS;
    }

    /** Two ids have the same timestamp, in different keys; ids within 32 change places. */
    long timestamp(long id) {
        return (id % (records / 2)) ^ 31;
    }

    WatermarkStrategy<Long> watermarks() {
        return WatermarkStrategy.<Long>forBoundedOutOfOrderness(OUT_OF_ORDER)
                .withTimestampAssigner((id, previous) -> timestamp(id));
    }

    SingleOutputStreamOperator<Long> source(
            StreamExecutionEnvironment env, String name, int parallelism) {
        return source(env, name, parallelism, watermarks());
    }

    SingleOutputStreamOperator<Long> source(
            StreamExecutionEnvironment env,
            String name,
            int parallelism,
            WatermarkStrategy<Long> watermarks) {
        return env.fromSource(
                        Pace.source(run, id -> id, records, perSecond, Types.LONG),
                        watermarks,
                        name)
                .setParallelism(parallelism);
    }
}
