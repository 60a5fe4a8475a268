package dev.tern.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.rescale.config.RescaleOptions;
import dev.tern.rescale.control.TaskCommand;
import dev.tern.rescale.request.RescaleRequest;
import dev.tern.rescale.request.RescaleState;
import dev.tern.tests.Injection.Disturbance;
import dev.tern.tests.Injection.Target;

import org.apache.flink.api.common.JobStatus;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.runtime.execution.ExecutionState;
import org.apache.flink.runtime.executiongraph.AccessExecutionVertex;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.streaming.api.windowing.assigners.TumblingEventTimeWindows;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The input ends in the middle of a rescale, at every command of it. The job comes to its natural
 * end, without a restart and with exact results: what had begun to move has moved, and what had not
 * is undone.
 *
 * <p>Each command in turn is kept from its task until all sources have ended and the owners have
 * read that; without checkpoints until the sources are gone.
 */
class EndsITCase {

    private static final long RECORDS = 20_000;
    private static final double RATE = 5_000;
    private static final String SOURCE = "SOURCE";
    private static final AtomicInteger RUNS = new AtomicInteger();

    @TempDir private static Path directory;

    private static Configuration configuration;
    private static RescalableCluster cluster;

    private Injection injection;

    /**
     * @param command at which the input ends
     * @param to 4 from 2, or 2 from 4
     * @param moved whether the rescale is carried out nevertheless
     */
    private record Moment(Target command, int to, boolean moved) {}

    private record Ending(Moment moment, String strategy, boolean checkpoints) {

        int from() {
            return moment.to() == 4 ? 2 : 4;
        }

        @Override
        public String toString() {
            return String.format(
                    "%s to %s%d, %d to %d, %s, %s checkpoints",
                    moment.command().command().getSimpleName(),
                    moment.command().vertex(),
                    moment.command().subtask(),
                    from(),
                    moment.to(),
                    strategy,
                    checkpoints ? "with" : "without");
        }
    }

    private static final String COUNT = CountingJob.COUNT;
    private static final String CHECK = CountingJob.CHECK;

    private static final List<Moment> MOMENTS =
            List.of(
                    out(TaskCommand.Inspect.class, COUNT, 0, false),
                    out(TaskCommand.HoldEnd.class, COUNT, 0, false),
                    out(TaskCommand.GrowOutput.class, SOURCE, 1, false),
                    out(TaskCommand.PrimeOutput.class, SOURCE, 0, false),
                    out(TaskCommand.GrowInput.class, CHECK, 1, false),
                    out(TaskCommand.PrepareOwner.class, COUNT, 3, false),
                    out(TaskCommand.PrepareOwner.class, COUNT, 0, true),
                    out(TaskCommand.BeginStep.class, COUNT, 0, true),
                    out(TaskCommand.BeginStep.class, COUNT, 3, true),
                    out(TaskCommand.SwitchRoutes.class, SOURCE, 0, true),
                    out(TaskCommand.SwitchRoutes.class, SOURCE, 1, true),
                    out(TaskCommand.AwaitStep.class, COUNT, 0, true),
                    out(TaskCommand.AwaitStep.class, COUNT, 3, true),
                    out(TaskCommand.CommitOwner.class, COUNT, 0, true),
                    out(TaskCommand.CommitRoutes.class, SOURCE, 1, true),
                    out(TaskCommand.TellParallelism.class, COUNT, 0, true),
                    in(TaskCommand.HoldEnd.class, COUNT, 3, false),
                    in(TaskCommand.PrepareOwner.class, COUNT, 3, true),
                    in(TaskCommand.SwitchRoutes.class, SOURCE, 0, true),
                    in(TaskCommand.AwaitStep.class, COUNT, 3, true),
                    in(TaskCommand.CommitOwner.class, COUNT, 0, true),
                    in(TaskCommand.Retire.class, COUNT, 3, true),
                    in(TaskCommand.ShrinkInput.class, CHECK, 0, true),
                    in(TaskCommand.ShrinkOutput.class, SOURCE, 1, true));

    @BeforeAll
    static void start() throws Exception {
        configuration = RescalableCluster.configuration(directory);
        configuration.set(RescaleOptions.STEP_SIZE, new MemorySize(1024));
        configuration.set(RescaleOptions.TRANSFER_BY_REFERENCE, false);
        cluster = new RescalableCluster(configuration, 4);
    }

    @AfterAll
    static void stop() throws Exception {
        cluster.close();
    }

    /** A test that fails must not make the others fail. */
    @AfterEach
    void endJob() throws Exception {
        injection.release();
        cluster.endJob();
    }

    /** From 2 to 4 subtasks. */
    private static Moment out(
            Class<? extends TaskCommand> command, String vertex, int subtask, boolean moved) {
        return new Moment(new Target(command, vertex, subtask), 4, moved);
    }

    /** From 4 to 2 subtasks. */
    private static Moment in(
            Class<? extends TaskCommand> command, String vertex, int subtask, boolean moved) {
        return new Moment(new Target(command, vertex, subtask), 2, moved);
    }

    static List<Ending> endings() {
        List<Ending> endings = new ArrayList<>();
        for (String strategy : List.of("stepwise", "aligned", "drrs")) {
            for (boolean checkpoints : new boolean[] {true, false}) {
                for (int i = 0; i < MOMENTS.size(); i++) {
                    // By default each moment once, half of them without checkpoints.
                    boolean core = strategy.equals("stepwise") && checkpoints == (i % 2 == 0);
                    if (core || Suite.isFull()) {
                        endings.add(new Ending(MOMENTS.get(i), strategy, checkpoints));
                    }
                }
            }
        }
        return endings;
    }

    @ParameterizedTest
    @MethodSource("endings")
    void theJobEndsByItself(Ending ending) throws Exception {
        String run = "ends-" + RUNS.incrementAndGet();
        Observations observed = Observations.of(run);
        begin(
                run,
                CountingJob.graph(configured(ending), run, RECORDS, RATE, ending.from()),
                500);
        endInTheMiddle(ending, run);
        assertEnded(ending);
        assertCounted(observed);
    }

    private static void assertCounted(Observations observed) {
        assertThat(observed.distinct()).isEqualTo(RECORDS);
        assertThat(observed.keysWithHoles()).isZero();
        assertThat(observed.duplicates()).isZero();
        assertThat(observed.notes()).isEmpty();
    }

    static List<Ending> endingsInFlight() {
        Moment moment = out(TaskCommand.AwaitStep.class, COUNT, 0, true);
        return List.of(
                new Ending(moment, "aligned", true),
                new Ending(moment, "aligned", false),
                new Ending(moment, "stepwise", true),
                new Ending(moment, "stepwise", false),
                new Ending(moment, "drrs", true),
                new Ending(moment, "drrs", false));
    }

    @ParameterizedTest
    @MethodSource("endingsInFlight")
    void unitsThatAreOnTheirWayArrive(Ending ending) throws Exception {
        String run = HeldOnWrite.RUNS + "ends-" + RUNS.incrementAndGet();
        String writing = run + CountingJob.IN_WRITE;
        begin(run, CountingJob.graph(configured(ending), run, RECORDS, RATE), 500);
        // Nothing but a hand-over can write state by then: checkpoints are kept away.
        CompletableFuture<Void> armed = new CompletableFuture<>();
        injection.onEntry(
                RescaleState.MIGRATE,
                () -> {
                    Blocks.arm(writing, 0);
                    armed.complete(null);
                });
        cluster.accepted(request(ending));
        armed.get(30, TimeUnit.SECONDS);
        Blocks.awaitHeld(writing);
        awaitEndOfInput(ending, run);
        Blocks.release(writing);
        cluster.awaitResult();
        assertEnded(ending);
        assertCounted(Observations.of(run));
    }

    static List<Ending> movingEndings() {
        return endings().stream()
                .filter(ending -> ending.moment().moved() && ending.moment().to() == 4)
                .toList();
    }

    @ParameterizedTest
    @MethodSource("movingEndings")
    void whatTheEndOfTimeFiresComesOnce(Ending ending) throws Exception {
        String run = "ends-" + RUNS.incrementAndGet();
        Ids ids = new Ids(run, RECORDS, RATE);
        StreamExecutionEnvironment env = Ids.environment(configured(ending));
        ids.source(env, SOURCE, 2)
                .map(id -> Tuple3.of(Ids.key(id), 0L, 1L))
                .returns(Types.TUPLE(Types.LONG, Types.LONG, Types.LONG))
                .keyBy(record -> record.f0)
                // Only the first fires before the end.
                .window(TumblingEventTimeWindows.of(Duration.ofMillis(RECORDS / 4)))
                .aggregate(new CountWindow(), new ReportWindow(run))
                .name(COUNT)
                .rebalance()
                .sinkTo(new DiscardingSink<>());
        begin(run, env.getStreamGraph().getJobGraph(), 0);
        endInTheMiddle(ending, run);
        assertEnded(ending);
        Map<String, Long> expected = new TreeMap<>();
        for (long id = 0; id < RECORDS; id++) {
            long start = ids.timestamp(id) - Math.floorMod(ids.timestamp(id), RECORDS / 4);
            expected.merge(Ids.key(id) + "@" + start, 1L, Long::sum);
        }
        Observations.of(run).assertResults(expected);
    }

    private static Configuration configured(Ending ending) {
        Configuration job = new Configuration(configuration);
        if (!ending.checkpoints()) {
            job.removeConfig(CheckpointingOptions.CHECKPOINTING_INTERVAL);
        }
        return job;
    }

    private void begin(String run, JobGraph graph, long records) throws Exception {
        injection = Injection.of(graph.getJobID());
        cluster.submit(graph);
        cluster.awaitRunning();
        cluster.awaitTasks();
        RescalableCluster.waitUntil(
                "records flow", () -> Observations.of(run).records() >= records);
    }

    private void endInTheMiddle(Ending ending, String run) throws Exception {
        injection.disturb(ending.moment().command(), Disturbance.HOLD);
        cluster.accepted(request(ending));
        injection.awaitHit();
        awaitEndOfInput(ending, run);
        injection.release();
        cluster.awaitResult();
    }

    private static RescaleRequest request(Ending ending) {
        return RescaleRequest.of(
                COUNT, ending.moment().to(), ending.strategy(), null, false, false);
    }

    private void awaitEndOfInput(Ending ending, String run) throws Exception {
        Pace.hurry(run);
        RescalableCluster.waitUntil(
                "the owners have read the end of their input",
                EndsITCase::ownersHaveReadTheEnd);
        if (!ending.checkpoints()) {
            RescalableCluster.waitUntil("the sources are gone", this::sourcesHaveFinished);
        }
    }

    /** Those that are there before and after the rescale. */
    private static boolean ownersHaveReadTheEnd() throws Exception {
        AccessExecutionVertex[] subtasks = cluster.vertex(COUNT).getTaskVertices();
        for (int subtask = 0; subtask < 2; subtask++) {
            if (InjectingTaskHooks.endedChannels(
                            subtasks[subtask].getCurrentExecutionAttempt().getAttemptId())
                    < 2) {
                return false;
            }
        }
        return true;
    }

    private boolean sourcesHaveFinished() throws Exception {
        for (AccessExecutionVertex source : cluster.vertex(SOURCE).getTaskVertices()) {
            if (source.getExecutionState() != ExecutionState.FINISHED) {
                return false;
            }
        }
        return true;
    }

    private void assertEnded(Ending ending) throws Exception {
        assertThat(cluster.cluster().getJobStatus(cluster.job()).get())
                .isEqualTo(JobStatus.FINISHED);
        assertThat(cluster.restarts(SOURCE)).as("restarts").isZero();
        boolean moved = ending.moment().moved();
        assertThat(cluster.parallelism(COUNT))
                .isEqualTo(moved ? ending.moment().to() : ending.from());
        assertThat(injection.state().compareTo(RescaleState.COMMIT) >= 0)
                .as("reached %s", injection.state())
                .isEqualTo(moved);
    }
}
