package dev.tern.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.rescale.config.RescaleOptions;
import dev.tern.rescale.request.RescaleOutcome;
import dev.tern.rescale.request.RescaleRecord;
import dev.tern.rescale.request.RescaleRequest;

import org.apache.flink.api.common.state.BroadcastState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ReadOnlyBroadcastState;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.co.KeyedBroadcastProcessFunction;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.util.Collector;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Path;
import java.util.Map;

/**
 * A keyed stream with a broadcast one: each rule reaches each subtask, and through it each key,
 * once, whoever owns the key by then.
 */
class BroadcastStateITCase {

    private static final long RECORDS = 40_000;
    private static final long RULES = 8_000;
    private static final MapStateDescriptor<String, Long> SEEN =
            new MapStateDescriptor<>("seen", Types.STRING, Types.LONG);

    @TempDir private Path directory;

    @ParameterizedTest
    @CsvSource({"aligned,contiguous,true,true", "stepwise,minimal,false,false"})
    void everyRuleCountsOnceAtEverySubtaskAndForEveryKey(
            String strategy, String placement, boolean byReference, boolean unaligned)
            throws Exception {
        String run = "broadcast-" + strategy + placement;
        Configuration configuration = RescalableCluster.configuration(directory);
        configuration.set(RescaleOptions.TRANSFER_BY_REFERENCE, byReference);
        configuration.set(CheckpointingOptions.ENABLE_UNALIGNED, unaligned);
        configuration.set(RescaleOptions.STRATEGY, strategy);
        configuration.set(RescaleOptions.STEP_SIZE, new MemorySize(64));
        try (RescalableCluster cluster = new RescalableCluster(configuration, 4)) {
            StreamExecutionEnvironment env = Ids.environment(configuration);
            DataStream<Long> rules = new Ids(run, RULES, 800).source(env, "RULES", 2);
            Ids ids = new Ids(run, RECORDS, 4_000);
            ids.source(env, "SOURCE", 2)
                    .keyBy(Ids::key)
                    .connect(rules.broadcast(SEEN))
                    .process(new ApplyRules(run))
                    .name("KEYED")
                    .rebalance()
                    .sinkTo(new DiscardingSink<>());
            cluster.submit(env.getStreamGraph().getJobGraph());
            cluster.awaitRunning();
            Observations observed = Observations.of(run);
            RescalableCluster.waitUntil("records flow", () -> observed.records() > 500);
            RescaleRecord refused =
                    cluster.rescale(
                            RescaleRequest.of("KEYED", 4, "drrs", placement, false, false));
            assertThat(refused.outcome()).isEqualTo(RescaleOutcome.ABORTED);
            assertThat(refused.error()).contains("Vertex 'KEYED' has a broadcast input");
            Live.rescaleTo(cluster, placement, "KEYED", 4, 3, 1);

            // The broadcast state of a checkpoint taken with one subtask, and with five.
            cluster.awaitCheckpoint();
            Live.rescaleTo(cluster, placement, "KEYED", 5);
            cluster.awaitCheckpoint();
            Failures.arm(run, 4);
            RescalableCluster.waitUntil("it fails", () -> !Failures.isArmed(run));
            RescalableCluster.waitUntil("it is back", () -> cluster.restarts("KEYED") == 1);
            cluster.awaitCheckpoint();
            Live.rescaleTo(cluster, placement, "KEYED", 2);

            Pace.hurry(run);
            cluster.awaitResult();
            assertThat(observed.notes()).isEmpty();
            assertThat(observed.results()).hasSize(Ids.KEYS);
        }
    }

    private static final class ApplyRules
            extends KeyedBroadcastProcessFunction<Long, Long, Long, Long> {

        private static final long serialVersionUID = 1L;

        private static final ValueStateDescriptor<Long> TOUCHED =
                new ValueStateDescriptor<>("touched", Types.LONG);
        private static final ValueStateDescriptor<Long> BEFORE =
                new ValueStateDescriptor<>("before", Types.LONG);

        private final String run;

        private ApplyRules(String run) {
            this.run = run;
        }

        /** A rule is counted, and touches every key there is. */
        @Override
        public void processBroadcastElement(Long rule, Context context, Collector<Long> out)
                throws Exception {
            BroadcastState<String, Long> seen = context.getBroadcastState(SEEN);
            seen.put("all", all(seen) + 1);
            if (seen.contains("rule " + rule)) {
                Observations.of(run).note("rule " + rule + " came twice");
            }
            seen.put("rule " + rule, rule);
            context.applyToKeyedState(
                    TOUCHED, (Long key, ValueState<Long> touched) -> touched.update(touched.value() + 1));
        }

        @Override
        public void processElement(Long id, ReadOnlyContext context, Collector<Long> out)
                throws Exception {
            Failures.maybeFail(run, getRuntimeContext().getTaskInfo().getIndexOfThisSubtask());
            ValueState<Long> touched = getRuntimeContext().getState(TOUCHED);
            ValueState<Long> before = getRuntimeContext().getState(BEFORE);
            long seen = all(context.getBroadcastState(SEEN));
            if (touched.value() == null) {
                touched.update(0L);
                before.update(seen);
                context.timerService().registerEventTimeTimer(Long.MAX_VALUE - 1);
            }
            check(context.getCurrentKey(), before.value() + touched.value(), seen);
            Observations.of(run).record();
            out.collect(id);
        }

        /** At the end: all rules have been seen, and have touched this key. */
        @Override
        public void onTimer(long timestamp, OnTimerContext context, Collector<Long> out)
                throws Exception {
            long touched = getRuntimeContext().getState(TOUCHED).value();
            long before = getRuntimeContext().getState(BEFORE).value();
            ReadOnlyBroadcastState<String, Long> seen = context.getBroadcastState(SEEN);
            check(context.getCurrentKey(), before + touched, all(seen));
            check(context.getCurrentKey(), all(seen), RULES);
            long entries = 0;
            for (Map.Entry<String, Long> ignored : seen.immutableEntries()) {
                entries++;
            }
            check(context.getCurrentKey(), entries, RULES + 1);
            Observations.of(run).result("key " + context.getCurrentKey(), touched);
        }

        private void check(long key, long actual, long expected) {
            if (actual != expected) {
                Observations.of(run).note("key " + key + ": " + actual + ", not " + expected);
            }
        }

        private static long all(ReadOnlyBroadcastState<String, Long> seen) throws Exception {
            return seen.contains("all") ? seen.get("all") : 0L;
        }
    }
}
