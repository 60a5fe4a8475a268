package dev.tern.rescale.coordinate;

import dev.tern.rescale.control.TaskCommand;
import dev.tern.rescale.request.RescaleState;

import org.apache.flink.runtime.execution.ExecutionState;
import org.apache.flink.runtime.executiongraph.ExecutionVertex;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Ends the last subtasks, which own nothing any more, and forgets them. */
final class Retirement {

    private final RescaleScope scope;
    private final VertexTasks vertex;
    private final VertexGraph graph;

    Retirement(RescaleScope scope, VertexGraph graph) {
        this.scope = scope;
        this.vertex = scope.vertex();
        this.graph = graph;
    }

    /**
     * Completes when nobody knows of them any more.
     *
     * @param first index of the first subtask to end
     */
    CompletableFuture<Void> run(int first) {
        List<ExecutionVertex> retiring = vertex.subtasks(first, vertex.parallelism());
        scope.enter(
                RescaleState.RETIRE, "subtasks " + first + " to " + (vertex.parallelism() - 1));
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
                                        (result, consumer) ->
                                                new TaskCommand.ShrinkInput(
                                                        result.getId(), first),
                                        scope.settings().stepTimeout()));
        sequence =
                scope.then(
                        sequence,
                        () ->
                                scope.tellUpstream(
                                        new TaskCommand.ShrinkOutput(
                                                vertex.inputResults(), first),
                                        scope.settings().stepTimeout()));
        return scope.thenRun(sequence, () -> graph.shrink(first));
    }

    private static boolean hasFinished(ExecutionVertex subtask) {
        return subtask.getExecutionState() == ExecutionState.FINISHED;
    }
}
