package dev.tern.rescale.coordinate;

import dev.tern.rescale.control.TaskCommand;
import dev.tern.rescale.request.RescaleState;

import org.apache.flink.runtime.executiongraph.ExecutionVertex;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Takes back, in reverse order, whatever a rescale has done before anything moved. */
final class Undo {

    private final RescaleScope scope;
    private final VertexTasks vertex;
    private final VertexGraph graph;

    Undo(RescaleScope scope, VertexGraph graph) {
        this.scope = scope;
        this.vertex = scope.vertex();
        this.graph = graph;
    }

    /** What an error means in the state the rescale is in: undone, or broken. */
    CompletableFuture<Outcome> after(RescaleException cause) {
        if (scope.state().compareTo(RescaleState.MIGRATE) >= 0) {
            return CompletableFuture.completedFuture(new Outcome.Broken(cause, true));
        }
        scope.undoing();
        CompletableFuture<Void> undone = CompletableFuture.completedFuture(null);
        for (UndoAction action :
                UndoAction.of(scope.state(), vertex.parallelism() > scope.from())) {
            undone = scope.then(undone, () -> carryOut(action));
        }
        return undone.handleAsync(
                (ignored, problem) -> {
                    if (problem != null) {
                        return new Outcome.Broken(RescaleException.of(problem), false);
                    }
                    letEnd();
                    return new Outcome.Aborted(cause);
                },
                scope.surroundings().mainThread());
    }

    /** Nobody waits for it: a task that is blocked carries it out, as all it was sent, in order. */
    private void letEnd() {
        if (scope.state().compareTo(RescaleState.QUIESCE) >= 0) {
            scope.tell(
                    vertex.subtasks(),
                    ignored -> new TaskCommand.TellParallelism(vertex.parallelism()),
                    scope.settings().stepTimeout());
        }
    }

    private CompletableFuture<Void> carryOut(UndoAction action) {
        return switch (action) {
            case FORGET_MIGRATION ->
                    scope.tell(
                            vertex.subtasks(0, scope.from()),
                            ignored -> new TaskCommand.AbortOwner(scope.before()),
                            scope.settings().stepTimeout());
            case DROP_CHANNELS ->
                    scope.tellDownstream(
                            (result, consumer) ->
                                    new TaskCommand.AbandonInput(result.getId(), scope.from()),
                            scope.settings().stepTimeout());
            case CANCEL_SUBTASKS -> cancelAdded();
            case DROP_SUBPARTITIONS ->
                    scope.tellUpstream(
                            new TaskCommand.ShrinkOutput(vertex.inputResults(), scope.from()),
                            scope.settings().stepTimeout());
            case SHRINK_GRAPH -> {
                graph.shrink(scope.from());
                yield CompletableFuture.completedFuture(null);
            }
        };
    }

    private CompletableFuture<Void> cancelAdded() {
        List<ExecutionVertex> added = vertex.subtasks(scope.from(), vertex.parallelism());
        added.forEach(subtask -> subtask.getCurrentExecutionAttempt().cancel());
        return scope.await(
                () -> added.stream().allMatch(s -> s.getExecutionState().isTerminal()),
                "new subtasks to end");
    }
}
