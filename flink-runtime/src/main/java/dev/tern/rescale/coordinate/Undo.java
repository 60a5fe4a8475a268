package dev.tern.rescale.coordinate;

import dev.tern.rescale.control.TaskCommand;
import dev.tern.rescale.request.RescaleState;

import org.apache.flink.runtime.executiongraph.ExecutionVertex;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Takes back, in reverse order, whatever a rescale has done before anything moved. */
final class Undo {

    private final RescaleScope scope;
    private final ResizableGraph graph;

    Undo(RescaleScope scope, ResizableGraph graph) {
        this.scope = scope;
        this.graph = graph;
    }

    /** What an error means in the state the rescale is in: undone, or broken. */
    CompletableFuture<Outcome> after(RescaleException cause) {
        if (scope.state().compareTo(RescaleState.MIGRATE) >= 0) {
            return CompletableFuture.completedFuture(new Outcome.Broken(cause, true));
        }
        scope.undoing();
        CompletableFuture<Void> undone = CompletableFuture.completedFuture(null);
        for (UndoAction action : UndoAction.of(scope.state(), !scope.added().isEmpty())) {
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
            RescaleScope.forEach(
                    scope.changes(),
                    change ->
                            scope.tell(
                                    change.vertex().subtasks(),
                                    ignored -> new TaskCommand.TellParallelism(change.from()),
                                    scope.settings().stepTimeout()));
        }
    }

    private CompletableFuture<Void> carryOut(UndoAction action) {
        List<VertexChange> growing = scope.growing();
        return switch (action) {
            case FORGET_MIGRATION -> RescaleScope.forEach(scope.changes(), this::forget);
            case DROP_CHANNELS -> RescaleScope.forEach(growing, this::dropChannels);
            case CANCEL_SUBTASKS -> cancelAdded(growing);
            case DROP_SUBPARTITIONS -> RescaleScope.forEach(growing, this::dropSubpartitions);
            case SHRINK_GRAPH -> {
                graph.shrink(growing, VertexChange::from);
                yield CompletableFuture.completedFuture(null);
            }
        };
    }

    private CompletableFuture<Void> forget(VertexChange change) {
        return change.isKeyed()
                ? scope.tell(
                        change.old(),
                        ignored -> new TaskCommand.AbortOwner(change.before()),
                        scope.settings().stepTimeout())
                : CompletableFuture.completedFuture(null);
    }

    private CompletableFuture<Void> dropChannels(VertexChange change) {
        return scope.tellDownstream(
                change,
                scope::old,
                (result, consumer) -> new TaskCommand.AbandonInput(result.getId(), change.from()),
                scope.settings().stepTimeout());
    }

    private CompletableFuture<Void> dropSubpartitions(VertexChange change) {
        return scope.tellOldUpstream(
                change,
                new TaskCommand.ShrinkOutput(change.vertex().inputResults(), change.from()),
                scope.settings().stepTimeout());
    }

    /** Consumers end before their producers do: a consumer whose producer is gone fails. */
    private CompletableFuture<Void> cancelAdded(List<VertexChange> growing) {
        CompletableFuture<Void> cancelled = CompletableFuture.completedFuture(null);
        for (int i = growing.size() - 1; i >= 0; i--) {
            VertexChange change = growing.get(i);
            cancelled = scope.then(cancelled, () -> cancel(change.added()));
        }
        return cancelled;
    }

    private CompletableFuture<Void> cancel(List<ExecutionVertex> added) {
        added.forEach(subtask -> subtask.getCurrentExecutionAttempt().cancel());
        return scope.await(
                () -> added.stream().allMatch(s -> s.getExecutionState().isTerminal()),
                "new subtasks to end");
    }
}
