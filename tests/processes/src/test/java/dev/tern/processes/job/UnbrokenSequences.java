package dev.tern.processes.job;

import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.connector.datagen.source.GeneratorFunction;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/**
 * A job that fails as soon as keyed state and source position do not fit together: every key sees
 * each {@link #KEYS}th number and remembers the last one.
 *
 * <p>Arguments: how many records a second, and a file that holds state back while it exists.
 */
public final class UnbrokenSequences {

    static final long KEYS = 64;

    private UnbrokenSequences() {}

    public static void main(String[] args) throws Exception {
        double perSecond = Double.parseDouble(args[0]);
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        GeneratorFunction<Long, Long> identity = index -> index;
        env.fromSource(
                        new DataGeneratorSource<>(
                                identity,
                                Long.MAX_VALUE,
                                RateLimiterStrategy.perSecond(perSecond),
                                Types.LONG),
                        WatermarkStrategy.noWatermarks(),
                        "numbers")
                .setParallelism(1)
                .uid("numbers")
                .keyBy(number -> number % KEYS)
                .process(new SequenceCheck(args.length > 1 ? args[1] : ""))
                .name("check")
                .uid("check")
                .sinkTo(new DiscardingSink<>())
                .name("nowhere");
        env.execute("unbroken sequences");
    }
}
