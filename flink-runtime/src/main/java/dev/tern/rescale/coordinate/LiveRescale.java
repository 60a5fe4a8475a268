package dev.tern.rescale.coordinate;

import dev.tern.rescale.control.TaskCommand;
import dev.tern.rescale.request.RescaleState;
import dev.tern.rescale.strategy.ChosenStrategy;
import dev.tern.rescale.strategy.HandoverChoices;

import org.apache.flink.runtime.executiongraph.ExecutionAttemptID;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * One live rescale of one or several vertices: the order of its parts.
 *
 * <p>An error before MIGRATE undoes everything; from MIGRATE on it is left to a restart from the
 * last checkpoint. Which of the two happened is told by {@link Outcome}. JobMaster main thread.
 */
public final class LiveRescale {

    private final RescaleScope scope;
    private final ChosenStrategy strategy;
    private final HandoverChoices choices;
    private final Preflight preflight;
    private final CheckpointPause pause;
    private final Growth growth;
    private final LastCheckpoint lastCheckpoint;
    private final Retirement retirement;
    private final Undo undo;

    /**
     * @param gate null when the job takes no checkpoints
     */
    public LiveRescale(
            RescaleScope scope,
            ChosenStrategy strategy,
            ResizableGraph graph,
            JobSlots slots,
            CheckpointGate gate) {
        this.scope = scope;
        this.strategy = strategy;
        this.choices = HandoverChoices.of(strategy.handover());
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

    private CompletableFuture<Outcome> execute(Map<VertexChange, Inspection> inspections) {
        Optional<String> obstacle =
                Inspection.reason(inspections)
                        .or(() -> HandoverObstacles.first(choices, scope.changes()));
        if (obstacle.isPresent()) {
            return CompletableFuture.completedFuture(new Outcome.NotLive(obstacle.get()));
        }
        CompletableFuture<Void> ready = CompletableFuture.completedFuture(null);
        ready = scope.then(ready, pause::begin);
        ready = scope.then(ready, this::holdEnds);
        if (!scope.growing().isEmpty()) {
            ready = scope.then(ready, growth::run);
        }
        return scope.then(ready, () -> migrate(inspections));
    }

    /** All subtasks are there now, so it is known who shares a TaskExecutor. */
    private CompletableFuture<Outcome> migrate(Map<VertexChange, Inspection> inspections) {
        Map<VertexChange, VertexPlanning> keyed = new LinkedHashMap<>();
        inspections.forEach(
                (change, inspection) -> {
                    if (change.isKeyed()) {
                        keyed.put(
                                change,
                                new VertexPlanning(
                                        change.before(),
                                        change.after(),
                                        inspection.keyGroupBytes(),
                                        change.vertex().processes()));
                    }
                });
        return scope.compute(
                () -> planned(keyed, strategy), plans -> migrate(inspections, plans));
    }

    /** In another thread than all else. */
    private static Map<VertexChange, VertexPlanning.Planned> planned(
            Map<VertexChange, VertexPlanning> keyed, ChosenStrategy strategy) {
        Map<VertexChange, VertexPlanning.Planned> plans = new LinkedHashMap<>();
        keyed.forEach((change, planning) -> plans.put(change, planning.plan(strategy::schedule)));
        return plans;
    }

    private CompletableFuture<Outcome> migrate(
            Map<VertexChange, Inspection> inspections,
            Map<VertexChange, VertexPlanning.Planned> plans) {
        Migrations migrations = migrations(inspections, plans);
        boolean retiringCommit =
                inspections.values().stream().anyMatch(Inspection::retiringCommit);
        return migrations
                .run()
                .thenComposeAsync(
                        ignored -> conclude(migrations, retiringCommit),
                        scope.surroundings().mainThread());
    }

    /** None of their subtasks ends while vertices change. */
    private CompletableFuture<Void> holdEnds() {
        return RescaleScope.forEach(
                scope.changes(),
                change ->
                        scope.tell(
                                change.vertex().subtasks(),
                                ignored -> new TaskCommand.HoldEnd(),
                                scope.settings().prepareTimeout()));
    }

    private Migrations migrations(
            Map<VertexChange, Inspection> inspections,
            Map<VertexChange, VertexPlanning.Planned> plans) {
        SuspensionGuard guard = new SuspensionGuard(scope.settings().maxSuspension());
        long bytesMinimal =
                plans.values().stream().mapToLong(VertexPlanning.Planned::bytesMinimal).sum();
        List<Relocation> relocations = new ArrayList<>();
        inspections.forEach(
                (change, inspection) ->
                        relocations.add(
                                switch (change.routing()) {
                                    case BY_KEY ->
                                            new Migration(
                                                    scope,
                                                    change,
                                                    plans.get(change).steps(),
                                                    strategy.pause(),
                                                    inspection.keyGroupBytes(),
                                                    bytesMinimal,
                                                    guard,
                                                    choices);
                                    case SPREAD -> new Spreading(scope, change);
                                    case FOLLOWING -> new Following(scope, change);
                                }));
        // Key groups first: once records are spread anew, subtasks that retire get no watermarks.
        relocations.sort(Comparator.comparing(relocation -> relocation.change().routing()));
        return new Migrations(scope, relocations, pause, guard);
    }

    private CompletableFuture<Outcome> conclude(Migrations migrations, boolean retiringCommit) {
        CompletableFuture<Void> sequence = CompletableFuture.completedFuture(null);
        boolean retires = migrations.isComplete() && !scope.shrinking().isEmpty();
        if (retires) {
            sequence = scope.then(sequence, new LastRecords(scope)::run);
        }
        if (retires && retiringCommit) {
            sequence = scope.then(sequence, lastCheckpoint::run);
        }
        if (retires) {
            sequence = scope.then(sequence, retirement::run);
        }
        return scope.then(sequence, this::tellParallelism)
                .thenApply(
                        ignored ->
                                migrations.isComplete()
                                        ? new Outcome.Completed(migrations.present())
                                        : migrations.stopped());
    }

    /** So that all subtasks tell the same number at the next checkpoint, and may end. */
    private CompletableFuture<Void> tellParallelism() {
        return RescaleScope.forEach(
                scope.changes(),
                change -> {
                    int parallelism = change.vertex().parallelism();
                    return scope.tell(
                            change.vertex().subtasks(),
                            ignored -> new TaskCommand.TellParallelism(parallelism),
                            scope.settings().stepTimeout());
                });
    }
}
