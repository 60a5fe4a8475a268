package dev.tern.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.rescale.control.TaskCommand;
import dev.tern.rescale.request.RescaleOutcome;
import dev.tern.rescale.request.RescaleRecord;
import dev.tern.rescale.request.RescaleRequest;

import org.apache.flink.api.common.serialization.SimpleStringEncoder;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.file.sink.FileSink;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.filesystem.bucketassigners.BasePathBucketAssigner;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A sink whose writers and committers are chained behind the operator that is rescaled: every result
 * is committed once, and a subtask that retires leaves nothing open.
 */
class SinksITCase {

    private static final long RECORDS = 40_000;
    private static final double RATE = 4_000;

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
    @ValueSource(booleans = {false, true})
    void transactionsOfRetiredSubtasksAreCommitted(boolean topologies) throws Exception {
        String run = "sink-" + topologies;
        Transactions transactions = Transactions.of(run);
        submit(
                run,
                topologies
                        ? TransactionalSink.withTopologies(run)
                        : new TransactionalSink(run));
        for (int parallelism : new int[] {4, 3, 1, 5, 2}) {
            Live.rescale(cluster, "COUNT", parallelism);
            assertThat(transactions.openOfSubtasksFrom(parallelism)).isZero();
            awaitAllKnow(run, parallelism);
        }
        if (topologies) {
            // What the last checkpoint of a job commits never gets there; Flink is like that.
            Set<String> committed = transactions.committed();
            RescalableCluster.waitUntil(
                    "those behind the committers have heard of all",
                    () -> transactions.announced().containsAll(committed));
        }
        Pace.hurry(run);
        cluster.awaitResult();
        assertThat(transactions.openOfSubtasksFrom(0)).isZero();
        assertVisibleOnce(run);
    }

    /** COUNT -> writer -> committer, over pointwise edges: they retire together. */
    @Test
    void writersAndCommittersInVerticesOfTheirOwnCommitAllWhenTheyRetire() throws Exception {
        String run = "sink-vertices";
        Transactions transactions = Transactions.of(run);
        StreamExecutionEnvironment env = Ids.environment(configuration);
        env.disableOperatorChaining();
        submit(env, run, new TransactionalSink(run));
        for (int parallelism : new int[] {4, 3, 1, 2}) {
            Live.rescale(cluster, "COUNT", parallelism);
            for (String vertex : List.of("Writer", "Committer")) {
                assertThat(cluster.parallelism(vertex)).as(vertex).isEqualTo(parallelism);
            }
            assertThat(transactions.openOfSubtasksFrom(parallelism)).isZero();
        }
        Pace.hurry(run);
        cluster.awaitResult();
        assertThat(transactions.openOfSubtasksFrom(0)).isZero();
        assertVisibleOnce(run);
    }

    @Test
    void failuresAroundRescalesCommitNothingTwiceAndLoseNothing() throws Exception {
        String run = "sink-failing";
        submit(run, TransactionalSink.withTopologies(run));
        Live.rescaleTo(cluster, "minimal", "COUNT", 4, 3);
        fail(run, 2, 1);
        cluster.awaitCheckpoint();
        Live.rescaleTo(cluster, "contiguous", "COUNT", 2);
        // Perhaps before the next checkpoint: from the one that the retired subtask took part in.
        fail(run, 0, 2);
        cluster.awaitCheckpoint();
        Live.rescale(cluster, "COUNT", 4);
        Pace.hurry(run);
        cluster.awaitResult();
        assertVisibleOnce(run);
    }

    /** Whether or not what the retiring subtask has prepared is committed by then. */
    @ParameterizedTest
    @MethodSource("commandsOnTheWayOut")
    void aFaultOnTheWayOutCommitsNothingTwiceAndLosesNothing(
            Class<? extends TaskCommand> command, Injection.Disturbance disturbance)
            throws Exception {
        String run = "sink-" + command.getSimpleName();
        submit(run, new TransactionalSink(run));
        Live.rescale(cluster, "COUNT", 4);
        cluster.awaitCheckpoint();
        Injection injection = Injection.of(cluster.job());
        injection.disturb(new Injection.Target(command, "COUNT", 3), disturbance);
        RescaleRecord rescale =
                cluster.rescale(RescaleRequest.of("COUNT", 2, null, null, false, false));
        assertThat(injection.hits()).isNotEmpty();
        assertThat(rescale.outcome()).as("%s", rescale).isEqualTo(RescaleOutcome.FAILED);
        RescalableCluster.waitUntil("it is back", () -> cluster.restarts("COUNT") == 1);
        cluster.awaitRunning();
        assertThat(cluster.parallelism("COUNT")).isEqualTo(2);
        cluster.awaitCheckpoint();
        Live.rescale(cluster, "COUNT", 3, 1);
        Pace.hurry(run);
        cluster.awaitResult();
        assertVisibleOnce(run);
    }

    static List<Arguments> commandsOnTheWayOut() {
        return List.of(
                Arguments.of(TaskCommand.Seal.class, Injection.Disturbance.REFUSE),
                Arguments.of(TaskCommand.AwaitCheckpoint.class, Injection.Disturbance.FAIL_TASK),
                Arguments.of(TaskCommand.Retire.class, Injection.Disturbance.FAIL_TASK));
    }

    /** Files stay open over checkpoints, and that of a retired subtask is closed and committed. */
    @Test
    void filesOfRetiredSubtasksAreClosed() throws Exception {
        String run = "sink-files";
        Path files = directory.resolve("files");
        submit(
                run,
                FileSink.forRowFormat(
                                new org.apache.flink.core.fs.Path(files.toUri()),
                                new SimpleStringEncoder<Tuple2<Long, Integer>>())
                        .withBucketAssigner(new BasePathBucketAssigner<>())
                        .build());
        Live.rescale(cluster, "COUNT", 4);
        cluster.awaitCheckpoint();
        assertThat(linesIn(files, false)).as("nothing is rolled yet").isEmpty();
        Live.rescale(cluster, "COUNT", 1, 3);
        assertThat(linesIn(files, false)).as("three subtasks have retired").isNotEmpty();
        cluster.awaitCheckpoint();

        Pace.hurry(run);
        cluster.awaitResult();
        assertThat(linesIn(files, false)).hasSize((int) RECORDS).doesNotHaveDuplicates();
        assertThat(linesIn(files, true)).as("files in progress").isEmpty();
    }

    private static void submit(String run, Sink<Tuple2<Long, Integer>> sink) throws Exception {
        submit(Ids.environment(configuration), run, sink);
    }

    private static void submit(
            StreamExecutionEnvironment env, String run, Sink<Tuple2<Long, Integer>> sink)
            throws Exception {
        new Ids(run, RECORDS, RATE)
                .source(env, "SOURCE", 2)
                .keyBy(Ids::key)
                .process(new Count(run))
                .returns(Types.TUPLE(Types.LONG, Types.INT))
                .name("COUNT")
                .sinkTo(sink);
        cluster.submit(env.getStreamGraph().getJobGraph());
        cluster.awaitRunning();
        RescalableCluster.waitUntil(
                "records flow", () -> Observations.of(run).records() > 500);
    }

    /** The number of subtasks that user code sees is the one that there is. */
    private static void awaitAllKnow(String run, int parallelism) throws Exception {
        Observations observed = Observations.of(run);
        observed.takeSiblings();
        Map<Integer, Integer> told = new HashMap<>();
        RescalableCluster.waitUntil(
                "all subtasks have noted how many they are",
                () -> {
                    told.putAll(observed.takeSiblings());
                    return told.size() >= parallelism;
                },
                () -> told);
        for (int subtask = 0; subtask < parallelism; subtask++) {
            assertThat(told).containsEntry(subtask, parallelism);
        }
    }

    private static void fail(String run, int subtask, int restarts) throws Exception {
        Failures.arm(run, subtask);
        RescalableCluster.waitUntil("it fails", () -> !Failures.isArmed(run));
        RescalableCluster.waitUntil("it is back", () -> cluster.restarts("COUNT") == restarts);
        cluster.awaitRunning();
    }

    private static void assertVisibleOnce(String run) {
        Observations visible = Observations.of(run + Transactions.VISIBLE);
        assertThat(visible.distinct()).isEqualTo(RECORDS);
        assertThat(visible.keysWithHoles()).isZero();
        assertThat(visible.duplicates()).isZero();
    }

    private static List<String> linesIn(Path files, boolean hidden) throws Exception {
        List<String> lines = new ArrayList<>();
        if (!Files.exists(files)) {
            return lines;
        }
        List<Path> found;
        try (Stream<Path> all = Files.walk(files)) {
            found = all.filter(Files::isRegularFile).toList();
        }
        for (Path file : found) {
            if (file.getFileName().toString().startsWith(".") == hidden) {
                lines.addAll(Files.readAllLines(file));
            }
        }
        return lines;
    }
}
