package dev.tern.rescale.coordinate;

import dev.tern.rescale.control.TaskCommand;
import dev.tern.rescale.request.RescaleState;

import org.apache.flink.runtime.execution.ExecutionState;
import org.apache.flink.runtime.executiongraph.ExecutionVertex;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Ends the last subtasks of vertices that shrink, which own nothing any more, and forgets them. */
final class Retirement {

    private final RescaleScope scope;
    private final ResizableGraph graph;

    Retirement(RescaleScope scope, ResizableGraph graph) {
        this.scope = scope;
        this.graph = graph;
    }

    /** Completes when nobody knows of them any more. Producers end before their consumers do. */
    CompletableFuture<Void> run() {
        List<VertexChange> shrinking = scope.shrinking();
        scope.enter(RescaleState.RETIRE, VertexChange.differenceText(shrinking));
        CompletableFuture<Void> sequence = CompletableFuture.completedFuture(null);
        for (VertexChange change : shrinking) {
            sequence = scope.then(sequence, () -> retire(change));
        }
        return sequence;
    }

    private CompletableFuture<Void> retire(VertexChange change) {
        List<ExecutionVertex> retiring = change.retiring();
        int first = change.to();
        CompletableFuture<Void> sequence =
                scope.tell(
                        retiring,
                        ignored -> new TaskCommand.Retire(),
                        scope.settings().stepTimeout());
        sequence =
                scope.then(
                        sequence,
                        () ->
                                scope.await(
                                        () -> retiring.stream().allMatch(Retirement::hasFinished),
                                        "retired subtasks to finish"));
        // FINISHED reaches the JobMaster before downstream tasks have read the last records.
        sequence =
                scope.then(
                        sequence,
                        () ->
                                scope.tellDownstream(
                                        change,
                                        (result, consumer) ->
                                                new TaskCommand.ShrinkInput(
                                                        result.getId(), first),
                                        scope.settings().stepTimeout()));
        sequence =
                scope.then(
                        sequence,
                        () ->
                                scope.tellUpstream(
                                        change,
                                        new TaskCommand.ShrinkOutput(
                                                change.vertex().inputResults(), first),
                                        scope.settings().stepTimeout()));
        return scope.thenRun(
                sequence, () -> graph.shrink(List.of(change), VertexChange::to));
    }

    private static boolean hasFinished(ExecutionVertex subtask) {
        return subtask.getExecutionState() == ExecutionState.FINISHED;
    }
}
