package dev.tern.rescale.coordinate;

import dev.tern.rescale.plan.Ownership;
import dev.tern.rescale.request.RescaleState;

import org.apache.flink.runtime.executiongraph.ExecutionJobVertex;
import org.apache.flink.util.concurrent.FutureUtils;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * The middle of a rescale: all vertices get ready, then the steps of one vertex follow those of
 * another, so that records of one vertex wait at a time, and then the new ownership of all counts.
 */
final class Migrations {

    /** One step of one vertex. */
    private record Turn(Relocation relocation, int step) {

        CompletableFuture<Void> begin() {
            return relocation.begin(step);
        }

        CompletableFuture<Void> carryOut(boolean last) {
            return relocation.carryOut(step, last);
        }

        Duration pause() {
            return step == 0 ? Duration.ZERO : relocation.pause();
        }

        long bytes() {
            return relocation.bytesOf(step);
        }
    }

    private final RescaleScope scope;
    private final List<Relocation> relocations;
    private final CheckpointPause pause;
    private final SuspensionGuard guard;
    private final List<Turn> turns = new ArrayList<>();
    private int done;

    /**
     * @param guard is told of steps by the relocations
     */
    Migrations(
            RescaleScope scope,
            List<Relocation> relocations,
            CheckpointPause pause,
            SuspensionGuard guard) {
        this.scope = scope;
        this.relocations = relocations;
        this.pause = pause;
        this.guard = guard;
        for (Relocation relocation : relocations) {
            for (int step = 0; step < relocation.steps(); step++) {
                turns.add(new Turn(relocation, step));
            }
        }
    }

    /** Completes when the ownership of {@link #present} counts. */
    CompletableFuture<Void> run() {
        scope.enter(RescaleState.PREPARE_OWNERS, "");
        CompletableFuture<Void> prepared =
                FutureUtils.combineAll(relocations.stream().map(Relocation::prepare).toList())
                        .thenAcceptAsync(
                                Migrations::requireRoom, scope.surroundings().mainThread());
        if (turns.isEmpty()) {
            return scope.then(prepared, this::commit);
        }
        CompletableFuture<Void> begun = scope.then(prepared, turns.get(0)::begin);
        return scope.then(
                begun,
                () -> {
                    scope.enter(RescaleState.MIGRATE, turns.size() + " step(s)");
                    return carryOut();
                });
    }

    /** Whether nothing is left to be moved; else it was stopped. */
    boolean isComplete() {
        return done == turns.size();
    }

    /** Who owns what now. When something is left, all subtasks stay. */
    Map<ExecutionJobVertex, Ownership> present() {
        Map<ExecutionJobVertex, Ownership> present = new LinkedHashMap<>();
        for (Relocation relocation : relocations) {
            VertexChange change = relocation.change();
            present.put(
                    change.jobVertex(),
                    isComplete() ? change.after() : relocation.after(stepsDone(relocation)));
        }
        return present;
    }

    /** How it ended that something is left. */
    Outcome stopped() {
        List<StopPoint> points =
                relocations.stream().map(r -> r.stopPoint(stepsDone(r))).toList();
        return new Outcome.Stopped(
                present(), StopPoint.sentence(scope.stopReason().orElseThrow(), points));
    }

    private int stepsDone(Relocation relocation) {
        return (int)
                turns.subList(0, done).stream().filter(t -> t.relocation() == relocation).count();
    }

    private static void requireRoom(Collection<HeapRoom.Load> loads) {
        HeapRoom.shortage(loads)
                .ifPresent(
                        sentence -> {
                            throw new RescaleException(sentence);
                        });
    }

    private CompletableFuture<Void> carryOut() {
        return turns.get(done)
                .carryOut(done == turns.size() - 1)
                .thenCompose(ignored -> betweenSteps());
    }

    /** In the main thread, as the end of the step before. */
    private CompletableFuture<Void> betweenSteps() {
        done++;
        if (isComplete()) {
            return commit();
        }
        guard.objection(turns.get(done).bytes()).ifPresent(scope::requestStop);
        if (scope.stopReason().isPresent()) {
            return commit();
        }
        CompletableFuture<Void> ready = pause.rest(turns.get(done).pause(), this::present);
        return ready.isDone() && !ready.isCompletedExceptionally()
                ? next()
                : scope.then(
                        ready, () -> scope.stopReason().isPresent() ? commit() : next());
    }

    private CompletableFuture<Void> next() {
        return scope.then(turns.get(done).begin(), this::carryOut);
    }

    private CompletableFuture<Void> commit() {
        scope.enter(RescaleState.COMMIT, "");
        Map<ExecutionJobVertex, Ownership> present = present();
        return RescaleScope.all(
                relocations.stream()
                        .map(r -> r.commit(present.get(r.change().jobVertex()))));
    }
}
