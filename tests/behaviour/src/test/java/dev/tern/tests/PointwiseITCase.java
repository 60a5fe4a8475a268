package dev.tern.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.rescale.control.TaskCommand;
import dev.tern.rescale.request.CheckReport;
import dev.tern.rescale.request.ParallelismChange;
import dev.tern.rescale.request.RescaleAnswer;
import dev.tern.rescale.request.RescaleCall;
import dev.tern.rescale.request.RescaleMode;
import dev.tern.rescale.request.RescaleOutcome;
import dev.tern.rescale.request.RescaleRecord;
import dev.tern.rescale.request.RescaleRequest;
import dev.tern.tests.Injection.Disturbance;
import dev.tern.tests.Injection.Target;

import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.DataStreamUtils;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Vertices that pointwise edges connect are rescaled together: KEYED -> MAPPED -> a third one. */
class PointwiseITCase {

    private static final long RECORDS = 60_000;
    private static final double RATE = 4_000;
    private static final String KEYED = "KEYED";
    private static final String MAPPED = "MAPPED";
    private static final TypeInformation<Tuple2<Long, Integer>> COUNTED =
            Types.TUPLE(Types.LONG, Types.INT);

    @TempDir private static Path directory;

    private static Configuration configuration;
    private static RescalableCluster cluster;

    @BeforeAll
    static void start() throws Exception {
        configuration = RescalableCluster.configuration(directory);
        RescalableCluster.shortenSchedulerWaits(configuration);
        cluster = new RescalableCluster(configuration, 4);
    }

    @AfterAll
    static void stop() throws Exception {
        cluster.close();
    }

    @AfterEach
    void endJob() throws Exception {
        cluster.endJob();
    }

    @Test
    void aChainOfForwardEdgesGrowsAndShrinks() throws Exception {
        String run = "pointwise-forward";
        StreamExecutionEnvironment env = Ids.environment(configuration);
        env.disableOperatorChaining();
        // The report is a vertex of its own behind MAPPED, and the sink one behind that.
        report(mapped(counted(env, run).forward()), run);
        submit(env, run);

        assertTogether();
        for (int parallelism : new int[] {4, 3, 1, 2}) {
            // Whichever of them is asked for.
            RescaleRecord rescale = cluster.rescale(parallelism % 2 == 0 ? MAPPED : KEYED, parallelism);
            assertLive(rescale, 4);
            for (String vertex : List.of(KEYED, MAPPED, "REPORT", "Writer")) {
                assertThat(cluster.parallelism(vertex)).as(vertex).isEqualTo(parallelism);
                assertThat(cluster.upperBound(vertex)).as(vertex).isEqualTo(parallelism);
            }
            cluster.awaitCheckpoint();
        }
        finish(run);
    }

    @Test
    void aRescaleEdgeBetweenEqualNumbersAndAKeyedVertexBehind() throws Exception {
        String run = "pointwise-rescale";
        submitWithKeyedReport(run);
        for (int parallelism : new int[] {3, 4, 2}) {
            assertLive(cluster.rescale(KEYED, parallelism), 2);
            assertThat(cluster.parallelism(MAPPED)).isEqualTo(parallelism);
            cluster.awaitCheckpoint();
        }
        cluster.putUpperBounds(Map.of(KEYED, 4, MAPPED, 4, "REPORT", 3));
        cluster.awaitHistory(4);
        assertLive(cluster.history().get(0), 3);
        cluster.putUpperBounds(Map.of(KEYED, 1, MAPPED, 1, "REPORT", 4));
        cluster.awaitHistory(5);
        assertLive(cluster.history().get(0), 3);
        finish(run);
    }

    @Test
    void aFaultBeforeAnythingMovesTakesAllBack() throws Exception {
        String run = "pointwise-fault";
        Injection injection = submitWithKeyedReport(run);
        for (Target target :
                List.of(
                        new Target(TaskCommand.GrowInput.class, "REPORT", 1),
                        new Target(TaskCommand.PrepareOwner.class, KEYED, 3))) {
            injection.disturb(target, Disturbance.REFUSE);
            RescaleRecord rescale = cluster.rescale(MAPPED, 4);
            assertThat(rescale.outcome()).as("%s", rescale).isEqualTo(RescaleOutcome.ABORTED);
            for (String vertex : List.of(KEYED, MAPPED)) {
                assertThat(cluster.parallelism(vertex)).isEqualTo(2);
                assertThat(cluster.upperBound(vertex)).isEqualTo(2);
            }
        }
        assertLive(cluster.rescale(MAPPED, 4), 2);
        finish(run);
    }

    @Test
    void faultsOnTheWayOutRestartAllMembersAndLoseNothing() throws Exception {
        String run = "pointwise-out";
        Injection injection = submitWithKeyedReport(run);
        int restarts = 0;
        for (Target target :
                List.of(
                        new Target(TaskCommand.PassOn.class, KEYED, 2),
                        new Target(TaskCommand.AwaitDrain.class, MAPPED, 3),
                        new Target(TaskCommand.Retire.class, KEYED, 3))) {
            assertLive(cluster.rescaleWhenRunning(request(KEYED, 4)), 2);
            cluster.awaitCheckpoint();
            injection.disturb(target, Disturbance.REFUSE);
            RescaleRecord rescale = cluster.rescale(MAPPED, 2);
            assertThat(rescale.outcome()).as("%s", rescale).isEqualTo(RescaleOutcome.FAILED);
            int next = ++restarts;
            RescalableCluster.waitUntil("it is back", () -> cluster.restarts(KEYED) == next);
            cluster.awaitTasks();
            for (String vertex : List.of(KEYED, MAPPED)) {
                assertThat(cluster.parallelism(vertex)).as(vertex).isEqualTo(2);
            }
        }
        Pace.hurry(run);
        cluster.awaitResult();
        assertThat(Observations.of(run).distinct()).isEqualTo(RECORDS);
        assertThat(Observations.of(run).keysWithHoles()).isZero();
    }

    @Test
    void membersOfDifferentParallelismAreRestarted() throws Exception {
        String run = "pointwise-torn";
        StreamExecutionEnvironment env = Ids.environment(configuration);
        report(mapped(counted(env, run).rescale()).rebalance(), run);
        submit(env, run);
        cluster.awaitCheckpoint();
        cluster.putUpperBounds(Map.of(KEYED, 4));
        cluster.awaitHistory(1);
        RescaleRecord torn = cluster.history().get(0);
        assertThat(torn.mode()).as("%s", torn).isEqualTo(RescaleMode.RESTART);
        assertThat(torn.outcome()).isEqualTo(RescaleOutcome.COMPLETED);
        assertThat(torn.reason())
                .contains(
                        "pointwise edges connect can only be rescaled together",
                        "4 of \"KEYED\", 2 of \"MAPPED\"");
        assertThat(cluster.refusal(request(MAPPED, 3)))
                .contains("over a pointwise RESCALE edge from 4 to 2 subtasks");
        assertThat(cluster.refusal(request(KEYED, 3)))
                .contains("is connected over pointwise edges with 'MAPPED', which reads 'KEYED'");
    }

    @Test
    void whatFollowsASourceIsRefusedAndNamesIt() throws Exception {
        String run = "pointwise-source";
        StreamExecutionEnvironment env = Ids.environment(configuration);
        env.disableOperatorChaining();
        new Ids(run, RECORDS, RATE)
                .source(env, "SOURCE", 2)
                .map(id -> id)
                .name(MAPPED)
                .keyBy(Ids::key)
                .process(new Count(run))
                .returns(COUNTED)
                .name(KEYED)
                .rebalance()
                .sinkTo(new DiscardingSink<>());
        submit(env, run);
        assertThat(cluster.refusal(request(MAPPED, 4)))
                .contains("is connected over pointwise edges with 'Source: SOURCE', which is a source");
    }

    @Test
    void keyedStateInAFollowerIsRefusedAndNamed() throws Exception {
        String run = "pointwise-keyed";
        StreamExecutionEnvironment env = Ids.environment(configuration);
        env.disableOperatorChaining();
        DataStreamUtils.reinterpretAsKeyedStream(
                        counted(env, run), count -> count.f0, Types.LONG)
                .reduce((one, other) -> other)
                .name("AGAIN")
                .rebalance()
                .sinkTo(new DiscardingSink<>());
        submit(env, run);
        assertThat(cluster.refusal(request(KEYED, 4)))
                .contains("Vertex \"AGAIN\"", "keyed state, but its records do not find it by key");
    }

    private static void assertTogether() throws Exception {
        RescaleAnswer.Plan plan =
                (RescaleAnswer.Plan)
                        cluster.call(
                                new RescaleCall.Submit(
                                        RescaleRequest.of(MAPPED, 4, null, null, true, false)));
        assertThat(plan.report().together()).hasSize(3).contains(KEYED);
        assertThat(plan.report().mode()).isEqualTo(RescaleMode.LIVE);
        CheckReport check =
                ((RescaleAnswer.CheckAnswer) cluster.call(new RescaleCall.Check())).report();
        assertThat(check.vertices())
                .filteredOn(vertex -> vertex.vertexName().equals(KEYED))
                .singleElement()
                .satisfies(
                        vertex -> {
                            assertThat(vertex.together()).hasSize(3).contains(MAPPED);
                            assertThat(vertex.more().verdict())
                                    .isEqualTo(CheckReport.Verdict.LIVE);
                            assertThat(vertex.fewer().verdict())
                                    .isEqualTo(CheckReport.Verdict.LIVE);
                        });
    }

    private static SingleOutputStreamOperator<Tuple2<Long, Integer>> counted(
            StreamExecutionEnvironment env, String run) {
        return new Ids(run, RECORDS, RATE)
                .source(env, "SOURCE", 2)
                .keyBy(Ids::key)
                .process(new Count(run))
                .returns(COUNTED)
                .name(KEYED);
    }

    private static DataStream<Tuple2<Long, Integer>> mapped(
            DataStream<Tuple2<Long, Integer>> counts) {
        return counts.map(count -> count).returns(COUNTED).name(MAPPED);
    }

    private static void report(DataStream<Tuple2<Long, Integer>> counts, String run) {
        counts.process(new Report(run, false)).name("REPORT").sinkTo(new DiscardingSink<>());
    }

    private static RescaleRequest request(String vertex, int parallelism) {
        return RescaleRequest.of(vertex, parallelism, null, null, false, false);
    }

    /** SOURCE -> KEYED => MAPPED -> REPORT. */
    private static Injection submitWithKeyedReport(String run) throws Exception {
        StreamExecutionEnvironment env = Ids.environment(configuration);
        report(mapped(counted(env, run).rescale()).keyBy(count -> count.f0), run);
        return submit(env, run);
    }

    private static Injection submit(StreamExecutionEnvironment env, String run) throws Exception {
        JobGraph graph = env.getStreamGraph().getJobGraph();
        Injection injection = Injection.of(graph.getJobID());
        cluster.submit(graph);
        cluster.awaitRunning();
        cluster.awaitTasks();
        RescalableCluster.waitUntil(
                "records flow", () -> Observations.of(run).records() > 500);
        return injection;
    }

    private static void assertLive(RescaleRecord rescale, int vertices) {
        assertThat(rescale.outcome()).as("%s", rescale).isEqualTo(RescaleOutcome.COMPLETED);
        assertThat(rescale.mode()).isEqualTo(RescaleMode.LIVE);
        assertThat(rescale.changes())
                .hasSize(vertices)
                .extracting(ParallelismChange::vertexName)
                .doesNotHaveDuplicates();
    }

    private static void finish(String run) throws Exception {
        assertThat(cluster.restarts("SOURCE")).isZero();
        Pace.hurry(run);
        cluster.awaitResult();
        Observations observed = Observations.of(run);
        assertThat(observed.distinct()).isEqualTo(RECORDS);
        assertThat(observed.keysWithHoles()).isZero();
        assertThat(observed.duplicates()).isZero();
        assertThat(observed.fired("event")).isEqualTo(RECORDS);
    }
}
