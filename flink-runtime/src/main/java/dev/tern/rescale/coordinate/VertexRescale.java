package dev.tern.rescale.coordinate;

import dev.tern.rescale.control.TaskCommand;
import dev.tern.rescale.plan.MigrationPlan;
import dev.tern.rescale.plan.MigrationScheduler;
import dev.tern.rescale.request.RescaleState;

import org.apache.flink.runtime.executiongraph.ExecutionAttemptID;

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
    private final Quiesce quiesce;
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
        this.quiesce = new Quiesce(scope, gate);
        this.growth = new Growth(scope, graph, slots, gate);
        this.lastCheckpoint = new LastCheckpoint(scope, gate, quiesce);
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
        MigrationPlan plan =
                MigrationPlan.of(
                        scope.before(),
                        scope.after(),
                        scheduler.schedule(
                                MigrationPlan.difference(scope.before(), scope.after()),
                                inspection.keyGroupBytes()));
        Migration migration = new Migration(scope, plan, inspection.keyGroupBytes());
        CompletableFuture<Void> sequence = quiesce.run();
        if (scope.to() > scope.from()) {
            sequence = scope.then(sequence, growth::run);
        }
        sequence = scope.then(sequence, migration::run);
        if (scope.to() < scope.from() && inspection.retiringCommit()) {
            sequence = scope.then(sequence, () -> lastCheckpoint.run(scope.to()));
        }
        if (scope.to() < scope.from()) {
            sequence = scope.then(sequence, () -> retirement.run(scope.to()));
        }
        sequence = scope.then(sequence, this::tellParallelism);
        return sequence.thenApply(ignored -> new Outcome.Completed(scope.after()));
    }

    /** So that all subtasks tell the same number at the next checkpoint. */
    private CompletableFuture<Void> tellParallelism() {
        return scope.tell(
                scope.vertex().subtasks(),
                ignored -> new TaskCommand.TellParallelism(scope.to()),
                scope.settings().stepTimeout());
    }
}
