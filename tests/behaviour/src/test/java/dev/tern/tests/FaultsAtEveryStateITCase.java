package dev.tern.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.rescale.config.RescaleOptions;
import dev.tern.rescale.request.RescaleMode;
import dev.tern.rescale.request.RescaleOutcome;
import dev.tern.rescale.request.RescaleRecord;
import dev.tern.rescale.request.RescaleRequest;
import dev.tern.rescale.request.RescaleState;
import dev.tern.tests.FaultCase.Fault;
import dev.tern.tests.Injection.Disturbance;

import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.jobgraph.JobGraph;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Faults in every state of a rescale, on every part that takes part. After each one counts are
 * exact, the order of every key was kept, nothing has leaked and the next rescale works.
 *
 * <p>A state that no fault hits fails the test: by default while one vertex is rescaled, with {@code
 * -Pconformance} whatever is.
 */
class FaultsAtEveryStateITCase {

    private static final Logger LOG = LoggerFactory.getLogger(FaultsAtEveryStateITCase.class);
    private static final long RECORDS = 60_000;
    private static final double RATE = 5_000;
    private static final Duration PREPARE_TIMEOUT = Duration.ofMillis(1_500);
    private static final Duration STEP_TIMEOUT = Duration.ofSeconds(4);

    private static final Map<Rescaled, Set<RescaleState>> HITS = new EnumMap<>(Rescaled.class);
    private static final AtomicInteger RUNS = new AtomicInteger();

    @TempDir private static Path directory;

    private static Path temporary;
    private static Configuration clusterConfiguration;
    private static RescalableCluster cluster;

    private Configuration configuration;

    /** Null for the one of the configuration. */
    private String strategy;

    private String run;
    private Rescaled rescaled;
    private JobGraph graph;
    private Injection injection;
    private Observations observed;

    @BeforeAll
    static void start() throws Exception {
        clusterConfiguration = RescalableCluster.configuration(directory);
        clusterConfiguration.set(RescaleOptions.PREPARE_TIMEOUT, PREPARE_TIMEOUT);
        clusterConfiguration.set(RescaleOptions.STEP_TIMEOUT, STEP_TIMEOUT);
        RescalableCluster.shortenSchedulerWaits(clusterConfiguration);
        temporary = Files.createDirectories(directory.resolve("tmp"));
        clusterConfiguration.set(CoreOptions.TMP_DIRS, temporary.toString());
        cluster = new RescalableCluster(clusterConfiguration, 4);
    }

    @AfterAll
    static void everyStateWasHit() throws Exception {
        cluster.close();
        for (Rescaled rescaled : Rescaled.values()) {
            if (Suite.isFull() || rescaled == Rescaled.ONE_VERTEX) {
                assertThat(HITS.get(rescaled))
                        .as("%s", rescaled)
                        .containsExactlyElementsOf(FaultCase.states());
            }
        }
    }

    /** A test that fails must not make the others fail. */
    @AfterEach
    void endJob() throws Exception {
        injection.release();
        cluster.endJob();
    }

    @ParameterizedTest
    @MethodSource("dev.tern.tests.FaultSelection#cases")
    void losesNothing(FaultCase fault, Backend backend, String strategy) throws Exception {
        this.strategy = strategy;
        begin(fault, backend);
        if (fault.fault() == Fault.COORDINATOR_BREAKS) {
            injection.breakIn(fault.state());
            assertEndsAsStateDemands(fault, cluster.awaitEnd(request(fault)));
        } else if (fault.fault().isOfMessage()) {
            disturb(fault);
        } else {
            RescaleRecord rescale = somethingHappens(fault);
            if (rescale == null) {
                Leaks.assertNone(cluster, temporary);
                return;
            }
        }
        assertThat(injection.hits()).first().isEqualTo(fault.state());
        hit(fault);
        theNextOneWorks();
        nothingIsLost();
    }

    private void begin(FaultCase fault, Backend backend) throws Exception {
        LOG.info("{} {} {}", fault, backend, strategy);
        configuration = backend.inJob(clusterConfiguration);
        run = HeldOnWrite.RUNS + "fault-" + RUNS.incrementAndGet();
        rescaled = fault.rescaled();
        graph = graph(fault.from());
        injection = Injection.of(graph.getJobID());
        observed = Observations.of(run);
        cluster.submit(graph);
        cluster.awaitRunning();
        RescalableCluster.waitUntil("records flow", () -> observed.records() > 300);
        RescalableCluster.waitUntil(
                "a checkpoint completes", () -> cluster.completedCheckpoints() > 0);
    }

    private JobGraph graph(Map<String, Integer> parallelism) {
        return CountingJob.graph(configuration, run, RECORDS, RATE, rescaled, parallelism);
    }

    private static void hit(FaultCase fault) {
        HITS.computeIfAbsent(fault.rescaled(), ignored -> new TreeSet<>()).add(fault.state());
    }

    private String request(FaultCase fault) throws Exception {
        return rescaled.isNamedOneByOne()
                ? cluster.rescaleOfPut(fault.to())
                : cluster.accepted(countTo(fault.to()));
    }

    /** What edges tie to COUNT follows it. */
    private RescaleRequest countTo(Map<String, Integer> parallelism) {
        return RescaleRequest.of(
                CountingJob.COUNT,
                parallelism.get(CountingJob.COUNT),
                strategy,
                null,
                false,
                false);
    }

    // ------------------------------------------------------------------ messages

    private void disturb(FaultCase fault) throws Exception {
        injection.disturb(fault.target(), disturbanceOf(fault.fault()), fault.state());
        String id = request(fault);
        injection.awaitHit();
        if (fault.fault() == Fault.TOO_LATE) {
            RescalableCluster.waitUntil(
                    "the command is given up",
                    () ->
                            injection.isGivenUp()
                                    || cluster.record(id).outcome().isTerminal());
        }
        injection.release();
        RescaleRecord rescale = cluster.awaitEnd(id);
        if (fault.isHarmless()) {
            assertCompletedLive(rescale);
        } else if (fault.fault() == Fault.FAIL_TASK) {
            assertThat(rescale.outcome())
                    .as("%s", rescale)
                    .isIn(RescaleOutcome.FAILED, RescaleOutcome.IGNORED);
            awaitRestart();
        } else {
            assertEndsAsStateDemands(fault, rescale);
        }
    }

    private static Disturbance disturbanceOf(Fault fault) {
        return switch (fault) {
            case LOSE_COMMAND -> Disturbance.LOSE_COMMAND;
            case LOSE_REPLY -> Disturbance.LOSE_REPLY;
            case REFUSE -> Disturbance.REFUSE;
            case FAIL_TASK -> Disturbance.FAIL_TASK;
            default -> Disturbance.HOLD;
        };
    }

    /** Undone before MIGRATE, a restart at the wanted parallelism from there on. */
    private void assertEndsAsStateDemands(FaultCase fault, RescaleRecord rescale)
            throws Exception {
        if (fault.state().compareTo(RescaleState.MIGRATE) < 0) {
            assertThat(rescale.outcome()).as("%s", rescale).isEqualTo(RescaleOutcome.ABORTED);
            for (String vertex : fault.from().keySet()) {
                int from = fault.from().get(vertex);
                assertThat(cluster.parallelism(vertex)).as(vertex).isEqualTo(from);
                assertThat(cluster.upperBound(vertex)).as(vertex).isEqualTo(from);
            }
            assertThat(cluster.restarts(CountingJob.CHECK)).isZero();
        } else {
            assertThat(rescale.outcome()).as("%s", rescale).isEqualTo(RescaleOutcome.FAILED);
            assertThat(rescale.state()).isEqualTo(RescaleState.RESTARTED);
            awaitRestart();
            assertThat(cluster.runsAt(fault.to())).isTrue();
        }
    }

    private void assertCompletedLive(RescaleRecord rescale) throws Exception {
        assertThat(rescale.outcome()).as("%s", rescale).isEqualTo(RescaleOutcome.COMPLETED);
        assertThat(cluster.restarts(CountingJob.CHECK)).isZero();
    }

    private void awaitRestart() throws Exception {
        RescalableCluster.waitUntil(
                "the job runs again", () -> cluster.restarts(CountingJob.CHECK) > 0);
        cluster.awaitRunning();
    }

    // ------------------------------------------------------------------ other events

    /** Returns the rescale, or null when the job is over. */
    private RescaleRecord somethingHappens(FaultCase fault) throws Exception {
        CompletableFuture<String> savepointBefore = keep(fault);
        AtomicReference<CompletableFuture<?>> event = new AtomicReference<>();
        // In the main thread, between two steps of the rescale: it is taken up in this state.
        CompletableFuture<Void> happened = new CompletableFuture<>();
        injection.onEntry(
                fault.state(),
                () -> {
                    event.set(eventOf(fault));
                    happened.complete(null);
                });
        String id = request(fault);
        happened.get(30, TimeUnit.SECONDS);
        awaitKept(fault);
        if (fault.fault() == Fault.SECOND_REQUEST) {
            assertThat(
                            cluster.refusal(countTo(rescaled.other())))
                    .contains("is being rescaled");
            cluster.putUpperBounds(rescaled.other());
        } else if (fault.fault() == Fault.CANCEL) {
            event.get().get(30, TimeUnit.SECONDS);
        }
        letGo(fault);
        if (savepointBefore != null && fault.fault() != Fault.CANCEL) {
            savepointBefore.get(30, TimeUnit.SECONDS);
        }
        hit(fault);
        if (fault.fault() == Fault.CANCEL) {
            cluster.awaitStatus(JobStatus.CANCELED);
            // There may be holes: what an old owner still had in its buffers ends with it, while
            // what a new owner has counted on from there can come through.
            assertThat(observed.duplicates()).isZero();
            assertThat(observed.notes()).isEmpty();
            return null;
        }
        RescaleRecord rescale = cluster.awaitEnd(id);
        assertThat(rescale.outcome()).as("%s", rescale).isEqualTo(RescaleOutcome.COMPLETED);
        switch (fault.fault()) {
            case SAVEPOINT -> event.get().get(30, TimeUnit.SECONDS);
            case SECOND_REQUEST ->
                    RescalableCluster.waitUntil(
                            "the second request is met",
                            () -> cluster.runsAt(rescaled.other()),
                            cluster::history);
            default -> {
                String savepoint = (String) event.get().get(30, TimeUnit.SECONDS);
                cluster.awaitStatus(JobStatus.FINISHED);
                restoreAndFinish(savepoint, fault.to());
                return null;
            }
        }
        return rescale;
    }

    private CompletableFuture<?> eventOf(FaultCase fault) {
        return switch (fault.fault()) {
            case CANCEL -> cluster.cluster().cancelJob(cluster.job());
            case STOP_WITH_SAVEPOINT ->
                    cluster.cluster()
                            .stopWithSavepoint(
                                    cluster.job(),
                                    directory.toUri().toString(),
                                    false,
                                    SavepointFormatType.NATIVE);
            case SAVEPOINT -> savepoint();
            default -> CompletableFuture.completedFuture(null);
        };
    }

    private CompletableFuture<String> savepoint() {
        return cluster.cluster()
                .triggerSavepoint(
                        cluster.job(),
                        directory.toUri().toString(),
                        false,
                        SavepointFormatType.NATIVE);
    }

    /** Sees to it that the rescale stays in the state. */
    private CompletableFuture<String> keep(FaultCase fault) throws Exception {
        if (fault.state() == RescaleState.QUIESCE) {
            Blocks.arm(run + CountingJob.IN_CHECK_WRITE, 0);
            CompletableFuture<String> savepoint = savepoint();
            Blocks.awaitHeld(run + CountingJob.IN_CHECK_WRITE);
            return savepoint;
        }
        if (fault.state() == RescaleState.DEPLOY) {
            Blocks.arm(run + CountingJob.IN_OPEN, 3);
        } else {
            injection.disturb(fault.target(), Disturbance.HOLD, fault.state());
        }
        return null;
    }

    private void awaitKept(FaultCase fault) throws Exception {
        if (fault.fault() == Fault.CANCEL) {
            return;
        }
        if (fault.state() == RescaleState.DEPLOY) {
            Blocks.awaitHeld(run + CountingJob.IN_OPEN);
        } else if (fault.target() != null) {
            injection.awaitHit();
        }
    }

    private void letGo(FaultCase fault) {
        if (fault.state() == RescaleState.QUIESCE) {
            Blocks.release(run + CountingJob.IN_CHECK_WRITE);
        } else if (fault.state() == RescaleState.DEPLOY) {
            Blocks.release(run + CountingJob.IN_OPEN);
        } else {
            injection.release();
        }
    }

    private void restoreAndFinish(String savepoint, Map<String, Integer> parallelism)
            throws Exception {
        cluster.restore(graph(parallelism), savepoint);
        Pace.hurry(run);
        cluster.awaitResult();
        assertExact();
    }

    // ------------------------------------------------------------------ afterwards

    private void theNextOneWorks() throws Exception {
        Map<String, Integer> to =
                cluster.runsAt(rescaled.other()) ? rescaled.large() : rescaled.other();
        RescaleRecord next;
        if (rescaled.isNamedOneByOne()) {
            cluster.awaitTasks();
            next = cluster.awaitEnd(cluster.rescaleOfPut(to));
        } else {
            next = cluster.rescaleWhenRunning(countTo(to));
        }
        assertThat(next.outcome()).as("%s", next).isEqualTo(RescaleOutcome.COMPLETED);
        assertThat(next.mode()).as("%s", next).isEqualTo(RescaleMode.LIVE);
        assertThat(next.changes()).hasSameSizeAs(to.keySet());
        Leaks.assertNoDatabaseIsHeld();
    }

    private void nothingIsLost() throws Exception {
        boolean restarted = cluster.restarts(CountingJob.CHECK) != 0;
        Pace.hurry(run);
        cluster.awaitResult();
        assertExact();
        if (!restarted) {
            assertThat(observed.duplicates()).isZero();
        }
        Leaks.assertNone(cluster, temporary);
    }

    private void assertExact() {
        assertThat(observed.distinct()).isEqualTo(RECORDS * countsOfARecord());
        assertThat(observed.keysWithHoles()).isZero();
        assertThat(observed.notes()).isEmpty();
    }

    private long countsOfARecord() {
        return rescaled == Rescaled.KEYED_VERTICES ? 2 : 1;
    }
}
