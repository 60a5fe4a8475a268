package dev.tern.rescale.coordinate;

import dev.tern.rescale.control.TaskCommand;
import dev.tern.rescale.plan.MigrationPlan;
import dev.tern.rescale.plan.MigrationScheduler;
import dev.tern.rescale.request.RescaleState;

import org.apache.flink.runtime.executiongraph.ExecutionAttemptID;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * One live rescale of one vertex: the order of its parts.
 *
 * <p>An error before MIGRATE undoes everything; from MIGRATE on it is left to a restart from the
 * last checkpoint. Which of the two happened is told by {@link Outcome}. JobMaster main thread.
 */
public final class VertexRescale {

    private final RescaleScope scope;
    private final MigrationScheduler scheduler;
    private final Preflight preflight;
    private final CheckpointPause pause;
    private final Growth growth;
    private final LastCheckpoint lastCheckpoint;
    private final Retirement retirement;
    private final Undo undo;

    /**
     * @param gate null when the job takes no checkpoints
     */
    public VertexRescale(
            RescaleScope scope,
            MigrationScheduler scheduler,
            VertexGraph graph,
            JobSlots slots,
            CheckpointGate gate) {
        this.scope = scope;
        this.scheduler = scheduler;
        this.preflight = new Preflight(scope);
        this.pause = new CheckpointPause(scope, gate);
        this.growth = new Growth(scope, graph, slots, gate);
        this.lastCheckpoint = new LastCheckpoint(scope, gate, pause);
        this.retirement = new Retirement(scope, graph);
        this.undo = new Undo(scope, graph);
    }

    /** The id under which the history knows it. */
    public String rescaleId() {
        return scope.rescaleId();
    }

    /**
     * Whether a failure of this attempt is the rescale's own affair: a new subtask that takes no
     * part yet, so that the job can go on without it.
     */
    public boolean absorbsFailureOf(ExecutionAttemptID attempt) {
        return scope.state().compareTo(RescaleState.RESERVE_SLOTS) >= 0
                && scope.state().compareTo(RescaleState.DEPLOY) <= 0
                && growth.added(attempt);
    }

    /**
     * Gives the rescale up: before MIGRATE it is undone, in MIGRATE it stops after the present step
     * and leaves each key group where it is then.
     *
     * @return why that is too late, as a sentence; empty when it will be done
     */
    public Optional<String> stop(String why) {
        if (scope.state().compareTo(RescaleState.MIGRATE) > 0) {
            return Optional.of(
                    "Rescale "
                            + rescaleId()
                            + " is in "
                            + scope.state()
                            + ": all key groups have moved, and it will end by itself.");
        }
        scope.requestStop(why);
        return Optional.empty();
    }

    /** A new subtask has failed, see {@link #absorbsFailureOf}. */
    public void subtaskFailed(ExecutionAttemptID attempt, Throwable cause) {
        growth.subtaskFailed(attempt, cause);
    }

    /**
     * Runs it; the result never completes exceptionally. The checkpoint gate is closed on the way
     * and stays so: whoever enters the new ownership opens it.
     */
    public CompletableFuture<Outcome> run() {
        return CompletableFuture.completedFuture(null)
                .thenCompose(ignored -> preflight.run())
                .thenComposeAsync(this::execute, scope.surroundings().mainThread())
                .handleAsync(
                        (outcome, failure) ->
                                failure == null
                                        ? CompletableFuture.completedFuture(outcome)
                                        : undo.after(RescaleException.of(failure)),
                        scope.surroundings().mainThread())
                .thenCompose(outcome -> outcome);
    }

    private CompletableFuture<Outcome> execute(Inspection inspection) {
        if (!inspection.obstacles().isEmpty()) {
            return CompletableFuture.completedFuture(
                    new Outcome.NotLive(inspection.obstacles()));
        }
        CompletableFuture<Void> ready = CompletableFuture.completedFuture(null);
        ready = scope.then(ready, pause::begin);
        ready = scope.then(ready, this::holdEnds);
        if (scope.to() > scope.from()) {
            ready = scope.then(ready, growth::run);
        }
        return scope.isKeyed()
                ? migrate(ready, inspection)
                : scope.then(ready, new Spreading(scope)::run)
                        .thenComposeAsync(
                                ignored -> retire(inspection.retiringCommit()),
                                scope.surroundings().mainThread());
    }

    /** None of its subtasks ends while the vertex changes. */
    private CompletableFuture<Void> holdEnds() {
        return scope.tell(
                scope.vertex().subtasks(),
                ignored -> new TaskCommand.HoldEnd(),
                scope.settings().prepareTimeout());
    }

    private CompletableFuture<Outcome> migrate(
            CompletableFuture<Void> ready, Inspection inspection) {
        MigrationPlan plan =
                MigrationPlan.of(
                        scope.before(),
                        scope.after(),
                        scheduler.schedule(
                                MigrationPlan.difference(scope.before(), scope.after()),
                                inspection.keyGroupBytes()));
        Migration migration = new Migration(scope, plan, inspection.keyGroupBytes(), pause);
        return scope.then(ready, migration::run)
                .thenComposeAsync(
                        steps -> conclude(plan, steps, inspection.retiringCommit()),
                        scope.surroundings().mainThread());
    }

    private CompletableFuture<Outcome> conclude(
            MigrationPlan plan, int steps, boolean retiringCommit) {
        if (steps < plan.steps().size()) {
            Outcome stopped =
                    new Outcome.Stopped(
                            Migration.ownershipAfter(plan, steps),
                            StopPoint.sentence(scope.stopReason().orElseThrow(), plan, steps));
            return tellParallelism().thenApply(ignored -> stopped);
        }
        return retire(retiringCommit);
    }

    private CompletableFuture<Outcome> retire(boolean retiringCommit) {
        CompletableFuture<Void> sequence = CompletableFuture.completedFuture(null);
        if (scope.to() < scope.from() && retiringCommit) {
            sequence = scope.then(sequence, () -> lastCheckpoint.run(scope.to()));
        }
        if (scope.to() < scope.from()) {
            sequence = scope.then(sequence, () -> retirement.run(scope.to()));
        }
        sequence = scope.then(sequence, this::tellParallelism);
        return sequence.thenApply(ignored -> new Outcome.Completed(scope.after()));
    }

    /** So that all subtasks tell the same number at the next checkpoint, and may end. */
    private CompletableFuture<Void> tellParallelism() {
        int parallelism = scope.vertex().parallelism();
        return scope.tell(
                scope.vertex().subtasks(),
                ignored -> new TaskCommand.TellParallelism(parallelism),
                scope.settings().stepTimeout());
    }
}
