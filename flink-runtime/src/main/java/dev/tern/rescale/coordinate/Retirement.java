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
        for (List<VertexChange> group : VertexChange.groups(shrinking)) {
            sequence = scope.then(sequence, () -> retire(group));
        }
        return sequence;
    }

    /**
     * Within a group consumers end first: they have nothing to wait for any more, and the end of
     * their producers would look to them like the end of the job's data.
     */
    private CompletableFuture<Void> retire(List<VertexChange> group) {
        CompletableFuture<Void> sequence = CompletableFuture.completedFuture(null);
        for (int i = group.size() - 1; i >= 0; i--) {
            List<ExecutionVertex> retiring = group.get(i).retiring();
            sequence = scope.then(sequence, () -> end(retiring));
        }
        // FINISHED reaches the JobMaster before downstream tasks have read the last records.
        sequence =
                scope.then(sequence, () -> RescaleScope.forEach(group, this::shrinkInputs));
        sequence =
                scope.then(sequence, () -> RescaleScope.forEach(group, this::shrinkOutputs));
        return scope.thenRun(sequence, () -> graph.shrink(group, VertexChange::to));
    }

    private CompletableFuture<Void> end(List<ExecutionVertex> retiring) {
        CompletableFuture<Void> told =
                scope.tell(
                        retiring,
                        ignored -> new TaskCommand.Retire(),
                        scope.settings().stepTimeout());
        return scope.then(
                told,
                () ->
                        scope.await(
                                () -> retiring.stream().allMatch(Retirement::hasFinished),
                                "retired subtasks to finish"));
    }

    /** Consumers that are about to end themselves need not be told. */
    private CompletableFuture<Void> shrinkInputs(VertexChange change) {
        return scope.tellDownstream(
                change,
                scope::staying,
                (result, consumer) -> new TaskCommand.ShrinkInput(result.getId(), change.to()),
                scope.settings().stepTimeout());
    }

    private CompletableFuture<Void> shrinkOutputs(VertexChange change) {
        return scope.tellUpstream(
                change,
                new TaskCommand.ShrinkOutput(change.vertex().inputResults(), change.to()),
                scope.settings().stepTimeout());
    }

    private static boolean hasFinished(ExecutionVertex subtask) {
        return subtask.getExecutionState() == ExecutionState.FINISHED;
    }
}
