package dev.tern.rescale.coordinate;

import dev.tern.rescale.control.TaskCommand;

import org.apache.flink.runtime.executiongraph.ExecutionVertex;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * What subtasks that are about to end still hold goes down the pointwise edges behind them, from
 * vertex to vertex. Afterwards none of them will emit any record.
 */
final class LastRecords {

    private final RescaleScope scope;

    LastRecords(RescaleScope scope) {
        this.scope = scope;
    }

    /** Completes when the last of them has processed everything. */
    CompletableFuture<Void> run() {
        CompletableFuture<Void> sequence = CompletableFuture.completedFuture(null);
        for (VertexChange change : scope.shrinking()) {
            if (change.routing() == Routing.FOLLOWING) {
                sequence = scope.then(sequence, () -> awaitDrain(change.retiring()));
            }
            if (!change.vertex().followedResults().isEmpty()) {
                sequence = scope.then(sequence, () -> passOn(change));
            }
        }
        return sequence;
    }

    private CompletableFuture<Void> passOn(VertexChange change) {
        return scope.tell(
                change.retiring(),
                ignored -> new TaskCommand.PassOn(change.vertex().followedResults()),
                scope.settings().stepTimeout());
    }

    private CompletableFuture<Void> awaitDrain(List<ExecutionVertex> retiring) {
        return scope.tell(
                retiring,
                ignored -> new TaskCommand.AwaitDrain(),
                scope.settings().stepTimeout());
    }
}
