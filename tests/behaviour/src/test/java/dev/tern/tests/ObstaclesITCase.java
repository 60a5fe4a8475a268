package dev.tern.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.rescale.request.RescaleMode;
import dev.tern.rescale.request.RescaleOutcome;
import dev.tern.rescale.request.RescaleRecord;
import dev.tern.rescale.request.RescaleRequest;
import dev.tern.rescale.request.RescaleState;

import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateChangelogOptions;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.util.Collector;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.Map;

/** What cannot be rescaled live says so in one sentence, before anything happens. */
class ObstaclesITCase {

    private static final long RECORDS = 200_000;

    @TempDir private Path directory;

    private Configuration configuration;
    private RescalableCluster cluster;

    @BeforeEach
    void start() throws Exception {
        configuration = RescalableCluster.configuration(directory);
        RescalableCluster.shortenSchedulerWaits(configuration);
        cluster = new RescalableCluster(configuration, 4);
    }

    @AfterEach
    void stop() throws Exception {
        cluster.close();
    }

    @Test
    void changelogIsNamed() throws Exception {
        String run = "obstacle-changelog";
        Configuration changelog = new Configuration(configuration);
        changelog.set(StateChangelogOptions.ENABLE_STATE_CHANGE_LOG, true);
        cluster.submit(CountingJob.graph(changelog, run, 1L << 40, 2_000));
        awaitRecords(run);
        assertThat(refusal(CountingJob.COUNT, 4))
                .contains("a changelog backend (state.changelog.enabled)", "--allow-restart");
        cluster.cluster().cancelJob(cluster.job()).get();
    }

    @Test
    void stateThatCannotMoveIsNamedAndRestartedWhereThatIsAllowed() throws Exception {
        String run = CountingJob.RAW;
        cluster.submit(CountingJob.graph(configuration, run, RECORDS, 5_000));
        Observations observed = awaitRecords(run);
        assertThat(refusal(CountingJob.COUNT, 4))
                .contains("raw keyed state", "--allow-restart")
                .matches(ObstaclesITCase::isOneSentence);
        assertThat(cluster.history()).isEmpty();

        cluster.awaitCheckpoint();
        String id =
                cluster.accepted(
                        RescaleRequest.of(CountingJob.COUNT, 4, null, null, false, true));
        awaitRestart(id, 4, "raw keyed state");

        cluster.awaitCheckpoint();
        cluster.putUpperBounds(Map.of(CountingJob.COUNT, 3, CountingJob.CHECK, 3));
        cluster.awaitHistory(2);
        awaitRestart(cluster.history().get(0).rescaleId(), 3, "raw keyed state");
        assertThat(cluster.parallelism(CountingJob.CHECK)).isEqualTo(3);
        assertThat(cluster.restarts(CountingJob.CHECK)).isEqualTo(2);

        Pace.hurry(run);
        cluster.awaitResult();
        assertThat(observed.distinct()).isEqualTo(RECORDS);
        assertThat(observed.keysWithHoles()).isZero();
    }

    @Test
    void theShapeOfARequestOrOfAJobIsNamed() throws Exception {
        String run = "obstacle-shape";
        cluster.submit(CountingJob.graph(configuration, run, 1L << 40, 2_000));
        awaitRecords(run);
        assertThat(refusal("SOURCE", 4)).contains("is a source");
        assertThat(refusal(CountingJob.COUNT, 2)).contains("already runs with parallelism 2");
        assertThat(refusal(CountingJob.COUNT, 65)).contains("out of range", "1 to 64");
        assertThat(refusal(CountingJob.COUNT, 0)).contains("out of range");
        cluster.cluster().cancelJob(cluster.job()).get();
    }

    @Test
    void operatorStateIsNamed() throws Exception {
        String run = "obstacle-list";
        cluster.submit(graph(run, new WithListState(run), false));
        awaitRecords(run);
        // A new subtask starts with an empty list, as after a restart; one that goes loses its own.
        assertThat(refusal("KEYED", 1))
                .contains("Operator KEYED", "list state 'list'", "--allow-restart");
        String id =
                cluster.accepted(RescaleRequest.of("KEYED", 1, null, null, false, true));
        RescaleRecord restarted = cluster.awaitEnd(id);
        assertThat(restarted.outcome()).as("%s", restarted).isEqualTo(RescaleOutcome.COMPLETED);
        assertThat(restarted.mode()).isEqualTo(RescaleMode.RESTART);
        assertThat(cluster.parallelism("KEYED")).isEqualTo(1);
        cluster.cluster().cancelJob(cluster.job()).get();
    }

    @Test
    void aPointwiseEdgeBetweenDifferentNumbersIsNamed() throws Exception {
        String run = "obstacle-forward";
        cluster.submit(graph(run, new Plain(run), true));
        awaitRecords(run);
        assertThat(refusal("KEYED", 4))
                .contains(
                        "KEYED", "MAPPED", "pointwise RESCALE edge from 2 to 1", "rebalance()");
        cluster.cluster().cancelJob(cluster.job()).get();
    }

    private String refusal(String vertex, int parallelism) throws Exception {
        String sentence =
                cluster.refusal(
                        RescaleRequest.of(vertex, parallelism, null, null, false, false));
        assertThat(sentence).matches(ObstaclesITCase::isOneSentence);
        return sentence;
    }

    private static boolean isOneSentence(String text) {
        return text.endsWith(".")
                && !text.contains("..")
                && !text.contains("\n")
                && !text.contains("Exception");
    }

    private void awaitRestart(String id, int parallelism, String reason) throws Exception {
        RescaleRecord record = cluster.awaitEnd(id);
        assertThat(record.outcome()).as("%s", record).isEqualTo(RescaleOutcome.COMPLETED);
        assertThat(record.state()).isEqualTo(RescaleState.RESTARTED);
        assertThat(record.mode()).isEqualTo(RescaleMode.RESTART);
        assertThat(record.reason()).contains(reason);
        assertThat(cluster.parallelism(CountingJob.COUNT)).isEqualTo(parallelism);
    }

    private Observations awaitRecords(String run) throws Exception {
        cluster.awaitRunning();
        Observations observed = Observations.of(run);
        RescalableCluster.waitUntil("records flow", () -> observed.records() > 300);
        return observed;
    }

    private JobGraph graph(String run, Plain function, boolean pointwise) {
        StreamExecutionEnvironment env =
                StreamExecutionEnvironment.getExecutionEnvironment(configuration);
        env.setParallelism(2);
        env.setMaxParallelism(64);
        env.disableOperatorChaining();
        SingleOutputStreamOperator<Long> keyed =
                env.fromSource(
                                new DataGeneratorSource<>(
                                        id -> id,
                                        1L << 40,
                                        RateLimiterStrategy.perSecond(2_000),
                                        Types.LONG),
                                WatermarkStrategy.noWatermarks(),
                                "SOURCE")
                        .keyBy(id -> id % 97)
                        .process(function)
                        .name("KEYED");
        DataStream<Long> connected = pointwise ? keyed.rescale() : keyed.rebalance();
        connected
                .map(id -> id)
                .name("MAPPED")
                .setParallelism(pointwise ? 1 : 2)
                .sinkTo(new DiscardingSink<>());
        return env.getStreamGraph().getJobGraph();
    }

    private static class Plain extends KeyedProcessFunction<Long, Long, Long> {

        private static final long serialVersionUID = 1L;

        private final String run;

        private Plain(String run) {
            this.run = run;
        }

        @Override
        public void processElement(Long id, Context context, Collector<Long> out) {
            Observations.of(run).record();
            out.collect(id);
        }
    }

    private static final class WithListState extends Plain implements CheckpointedFunction {

        private static final long serialVersionUID = 1L;

        private transient ListState<Long> list;

        private WithListState(String run) {
            super(run);
        }

        @Override
        public void initializeState(FunctionInitializationContext context) throws Exception {
            list =
                    context.getOperatorStateStore()
                            .getListState(new ListStateDescriptor<>("list", Types.LONG));
            list.add(1L);
        }

        @Override
        public void snapshotState(FunctionSnapshotContext context) {}
    }
}
