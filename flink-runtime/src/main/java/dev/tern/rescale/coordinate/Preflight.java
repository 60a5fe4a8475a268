package dev.tern.rescale.coordinate;

import dev.tern.rescale.control.TaskCommand;
import dev.tern.rescale.plan.MigrationPlan;
import dev.tern.rescale.request.RescaleState;

import org.apache.flink.runtime.executiongraph.ExecutionVertex;
import org.apache.flink.util.concurrent.FutureUtils;

import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Asks all tasks that will take part, while nothing has changed. */
final class Preflight {

    private final RescaleScope scope;

    Preflight(RescaleScope scope) {
        this.scope = scope;
    }

    /** What the subtasks of each vertex say; fails when a task does not answer. */
    CompletableFuture<Map<VertexChange, Inspection>> run() {
        int moves =
                scope.changes().stream()
                        .filter(VertexChange::isKeyed)
                        .mapToInt(c -> MigrationPlan.difference(c.before(), c.after()).size())
                        .sum();
        scope.enter(RescaleState.PREFLIGHT, moves + " key groups to move");
        CompletableFuture<Collection<Inspection>> inspected =
                FutureUtils.combineAll(scope.changes().stream().map(this::inspect).toList());
        // A task that is blocked inside one emit runs no mail, and must be found now.
        CompletableFuture<Void> neighbours =
                scope.tell(
                        neighbours(),
                        ignored -> new TaskCommand.Ping(),
                        scope.settings().prepareTimeout());
        return inspected.thenCombineAsync(
                neighbours,
                (found, ignored) -> byChange(found),
                scope.surroundings().mainThread());
    }

    private Map<VertexChange, Inspection> byChange(Collection<Inspection> found) {
        Map<VertexChange, Inspection> inspections = new LinkedHashMap<>();
        Iterator<Inspection> inOrder = found.iterator();
        scope.changes().forEach(change -> inspections.put(change, inOrder.next()));
        return inspections;
    }

    private CompletableFuture<Inspection> inspect(VertexChange change) {
        return scope.ask(
                        change.vertex().subtasks(),
                        subtask ->
                                new TaskCommand.Inspect(
                                        subtask.getParallelSubtaskIndex() >= change.to(),
                                        change.isKeyed()),
                        scope.settings().prepareTimeout())
                .thenApply(Inspection::of);
    }

    /** Those around the vertices that change, without those in them. */
    private List<ExecutionVertex> neighbours() {
        Set<ExecutionVertex> neighbours = new LinkedHashSet<>();
        scope.changes().forEach(change -> neighbours.addAll(change.vertex().neighbourTasks()));
        scope.changes().forEach(change -> neighbours.removeAll(change.vertex().subtasks()));
        return List.copyOf(neighbours);
    }
}
