package dev.tern.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.rescale.request.RescaleOutcome;
import dev.tern.rescale.request.RescaleRecord;
import dev.tern.rescale.request.RescaleRequest;

import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.v2.MapState;
import org.apache.flink.api.common.state.v2.MapStateDescriptor;
import org.apache.flink.api.common.state.v2.ValueState;
import org.apache.flink.api.common.state.v2.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.streaming.api.TimeDomain;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.util.Collector;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** State that is accessed asynchronously, and timers with it: both move like any other. */
class AsyncStateITCase {

    private static final long RECORDS = 60_000;
    private static final int KEYS = 97;

    @TempDir private Path directory;

    @ParameterizedTest
    @CsvSource({
        "HEAP, minimal, aligned",
        "HEAP, contiguous, stepwise",
        "ROCKSDB, minimal, stepwise",
        "ROCKSDB_FULL, contiguous, aligned"
    })
    void stateAndTimersMoveWithTheirKey(Backend backend, String placement, String strategy)
            throws Exception {
        String run = "async-" + backend + placement;
        Configuration configuration =
                backend.configure(RescalableCluster.configuration(directory));
        try (RescalableCluster cluster = new RescalableCluster(configuration, 4)) {
            cluster.submit(graph(configuration, run));
            cluster.awaitRunning();
            Observations observed = Observations.of(run);
            for (int parallelism : new int[] {4, 2, 5}) {
                long before = observed.records();
                RescalableCluster.waitUntil(
                        "records flow", () -> observed.records() > before + 500);
                RescaleRecord rescale =
                        cluster.rescale(
                                RescaleRequest.of(
                                        "ASYNC", parallelism, strategy, placement, false, false));
                assertThat(rescale.outcome())
                        .as("%s", rescale.error())
                        .isEqualTo(RescaleOutcome.COMPLETED);
            }
            assertThat(cluster.restarts("ASYNC")).isZero();
            // At the end of the input what is still to come would be dropped.
            RescalableCluster.waitUntil(
                    "all alarms have gone off", () -> observed.fired("processing") == KEYS);
            Pace.hurry(run);
            cluster.awaitResult();
            assertThat(observed.notes()).isEmpty();
            assertThat(observed.distinct()).isEqualTo(RECORDS);
            assertThat(observed.keysWithHoles()).isZero();
            // One event-time timer for each record, and one processing-time timer for each key.
            assertThat(observed.fired("event")).isEqualTo(RECORDS);
            assertThat(observed.fired("processing")).isEqualTo(KEYS);
            assertThat(observed.duplicates()).isZero();
        }
    }

    @Test
    void forStIsNamedBeforeAnythingHappens() throws Exception {
        String run = "async-forst";
        Configuration configuration = RescalableCluster.configuration(directory);
        configuration.set(StateBackendOptions.STATE_BACKEND, "forst");
        try (RescalableCluster cluster = new RescalableCluster(configuration, 4)) {
            cluster.submit(graph(configuration, run));
            cluster.awaitRunning();
            Observations observed = Observations.of(run);
            RescalableCluster.waitUntil("records flow", () -> observed.records() > 500);
            assertThat(
                            cluster.refusal(
                                    RescaleRequest.of("ASYNC", 4, null, null, false, false)))
                    .contains("Operator ASYNC (AsyncKeyedProcessOperator)", "in ForSt")
                    .contains("hashmap and rocksdb do", "--allow-restart");
            assertThat(cluster.history()).isEmpty();
            assertThat(cluster.restarts("ASYNC")).isZero();
            cluster.cluster().cancelJob(cluster.job()).get(30, TimeUnit.SECONDS);
        }
    }

    private static JobGraph graph(Configuration configuration, String run) {
        StreamExecutionEnvironment env =
                StreamExecutionEnvironment.getExecutionEnvironment(configuration);
        env.setParallelism(2);
        env.setMaxParallelism(64);
        env.getConfig().setAutoWatermarkInterval(5);
        env.fromSource(
                        Pace.source(run, id -> id, RECORDS, 5_000, Types.LONG),
                        WatermarkStrategy.<Long>forBoundedOutOfOrderness(Duration.ofMillis(64))
                                .withTimestampAssigner((id, previous) -> id % (RECORDS / 2) ^ 31),
                        "SOURCE")
                .keyBy(id -> id % KEYS)
                .enableAsyncState()
                .process(new Counter(run))
                .name("ASYNC")
                .rebalance()
                .sinkTo(new DiscardingSink<>());
        return env.getStreamGraph().getJobGraph();
    }

    /** Counts the records of a key in two states, and remembers each in a third until its timer. */
    private static final class Counter extends KeyedProcessFunction<Long, Long, Long> {

        private static final long serialVersionUID = 1L;

        /** Later than the last rescale, so that no record follows it. */
        private static final long PROCESSING_DELAY_MS = 3_000;

        private final String run;
        private transient ValueState<Integer> count;
        private transient MapState<Long, Integer> open;

        private Counter(String run) {
            this.run = run;
        }

        @Override
        public void open(OpenContext context) {
            count = getRuntimeContext().getState(new ValueStateDescriptor<>("count", Types.INT));
            open =
                    getRuntimeContext()
                            .getMapState(
                                    new MapStateDescriptor<>("open", Types.LONG, Types.INT));
        }

        @Override
        public void processElement(Long id, Context context, Collector<Long> out) {
            long key = context.getCurrentKey();
            long time = context.timestamp() * KEYS + key;
            count.asyncValue()
                    .thenCompose(
                            before -> {
                                int next = before == null ? 1 : before + 1;
                                Observations.of(run).counted(key, next);
                                return count.asyncUpdate(next)
                                        .thenCompose(done -> open.asyncPut(time, next));
                            })
                    .thenAccept(done -> out.collect(id));
            context.timerService().registerEventTimeTimer(time);
            if (id < KEYS) {
                context.timerService()
                        .registerProcessingTimeTimer(
                                context.timerService().currentProcessingTime()
                                        + PROCESSING_DELAY_MS);
            }
        }

        @Override
        public void onTimer(long timestamp, OnTimerContext context, Collector<Long> out) {
            long key = context.getCurrentKey();
            if (context.timeDomain() == TimeDomain.PROCESSING_TIME) {
                Observations.of(run).fired("processing", key, timestamp);
                return;
            }
            Observations.of(run).fired("event", key, timestamp);
            open.asyncGet(timestamp)
                    .thenAccept(
                            number -> {
                                if (number == null) {
                                    Observations.of(run)
                                            .note("key " + key + " has lost " + timestamp);
                                }
                            });
            open.asyncRemove(timestamp);
        }
    }
}
