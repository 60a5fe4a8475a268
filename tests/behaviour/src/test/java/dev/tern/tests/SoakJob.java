package dev.tern.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.rescale.request.RescaleCall;
import dev.tern.rescale.request.RescaleMode;
import dev.tern.rescale.request.RescaleOutcome;
import dev.tern.rescale.request.RescaleRecord;
import dev.tern.tests.Mishap.Kind;
import dev.tern.tests.SoakPlan.Rescale;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.util.concurrent.FutureUtils;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * One job of a soak. After each rescale it must be what the mishap allows, and the job must have
 * restarted only if something made it; at the end every count must be there.
 */
final class SoakJob {

    private static final long RECORDS = 1_000_000;
    private static final double RATE = 5_000;

    private final RescalableCluster cluster;
    private final Path savepoints;
    private final String run;
    private final Injection injection;
    private final Observations observed;

    /** How often the job has restarted for a reason. */
    private int restarts;

    private SoakJob(RescalableCluster cluster, Path savepoints, String run, JobGraph graph) {
        this.cluster = cluster;
        this.savepoints = savepoints;
        this.run = run;
        this.injection = Injection.of(graph.getJobID());
        this.observed = Observations.of(run);
    }

    static SoakJob start(
            RescalableCluster cluster, Configuration configuration, Path savepoints, String run)
            throws Exception {
        JobGraph graph = CountingJob.graph(configuration, run, RECORDS, RATE);
        SoakJob job = new SoakJob(cluster, savepoints, run, graph);
        cluster.submit(graph);
        cluster.awaitRunning();
        RescalableCluster.waitUntil("records flow", () -> job.observed.records() > 300);
        cluster.awaitCheckpoint();
        return job;
    }

    /** The rescale when it is over; empty when the job is at that parallelism already. */
    Optional<RescaleRecord> rescale(Rescale planned) throws Exception {
        assertThat(presentRestarts()).as("restarts before: %s", planned).isEqualTo(restarts);
        if (cluster.parallelism(CountingJob.COUNT) == planned.to()) {
            return Optional.empty();
        }
        int hits = injection.hits().size();
        CompletableFuture<?> event = arm(planned.mishap());
        RescaleRecord rescale = cluster.rescaleWhenRunning(planned.request());
        boolean subtaskFailed =
                planned.mishap().kind() == Kind.SUBTASK_FAILS && !Failures.disarm(run);
        injection.calm();
        if (subtaskFailed || injection.hits().size() > hits) {
            assertAllowed(planned, rescale, event);
        } else {
            assertThat(rescale.outcome()).as("%s", rescale).isEqualTo(RescaleOutcome.COMPLETED);
            assertThat(rescale.mode()).as("%s", rescale).isEqualTo(RescaleMode.LIVE);
        }
        if (rescale.outcome() == RescaleOutcome.COMPLETED) {
            assertThat(cluster.parallelism(CountingJob.COUNT)).isEqualTo(planned.to());
        }
        return Optional.of(rescale);
    }

    /** Returns what comes of the mishap itself. */
    private CompletableFuture<?> arm(Mishap mishap) {
        CompletableFuture<Object> event = new CompletableFuture<>();
        switch (mishap.kind()) {
            case NOTHING -> {}
            case SUBTASK_FAILS -> Failures.arm(run, mishap.subtask());
            case COORDINATOR_BREAKS -> injection.breakIn(mishap.state());
            case COMMAND_DISTURBED -> injection.disturb(mishap.target(), mishap.disturbance());
            case SAVEPOINT -> on(mishap, this::savepoint, event);
            case ABORT -> on(mishap, () -> cluster.send(new RescaleCall.Abort()), event);
        }
        return event;
    }

    private <T> void on(
            Mishap mishap, Supplier<CompletableFuture<T>> request, CompletableFuture<Object> event) {
        injection.onEntry(
                mishap.state(),
                () -> FutureUtils.forward(request.get().thenApply(Object.class::cast), event));
    }

    private CompletableFuture<String> savepoint() {
        return cluster.cluster()
                .triggerSavepoint(
                        cluster.job(),
                        savepoints.toUri().toString(),
                        false,
                        SavepointFormatType.CANONICAL);
    }

    /** The mishap has struck. */
    private void assertAllowed(Rescale planned, RescaleRecord rescale, CompletableFuture<?> event)
            throws Exception {
        Mishap mishap = planned.mishap();
        if (mishap.kind() == Kind.SAVEPOINT || mishap.kind() == Kind.ABORT) {
            event.get(60, TimeUnit.SECONDS);
            assertThat(rescale.outcome())
                    .as("%s", rescale)
                    .isIn(
                            RescaleOutcome.COMPLETED,
                            mishap.kind() == Kind.ABORT
                                    ? RescaleOutcome.ABORTED
                                    : RescaleOutcome.COMPLETED);
        } else if (mishap.failsTask() || rescale.outcome() == RescaleOutcome.FAILED) {
            RescalableCluster.waitUntil(
                    "the job restarts", () -> cluster.restarts(CountingJob.CHECK) > restarts);
            cluster.awaitRunning();
            restarts = presentRestarts();
        } else {
            assertThat(rescale.outcome())
                    .as("%s", rescale)
                    .isEqualTo(
                            mishap.isHarmless()
                                    ? RescaleOutcome.COMPLETED
                                    : RescaleOutcome.ABORTED);
        }
    }

    private int presentRestarts() throws Exception {
        int[] present = new int[1];
        RescalableCluster.waitUntil(
                "the job is there",
                () -> (present[0] = cluster.restarts(CountingJob.CHECK)) >= 0);
        return present[0];
    }

    /** Lets the input end; all of it must have been counted, once unless the job restarted. */
    void finish() throws Exception {
        Pace.hurry(run);
        cluster.awaitResult();
        assertThat(presentRestarts()).as("restarts of %s", run).isEqualTo(restarts);
        assertThat(observed.distinct()).as(run).isEqualTo(RECORDS);
        assertThat(observed.keysWithHoles()).as(run).isZero();
        assertThat(observed.notes()).as(run).isEmpty();
        if (restarts == 0) {
            assertThat(observed.duplicates()).as(run).isZero();
        }
        Observations.forget(run);
    }
}
