package dev.tern.rescale.coordinate;

import dev.tern.rescale.control.TaskCommand;
import dev.tern.rescale.request.RescaleState;

import org.apache.flink.runtime.executiongraph.ExecutionVertex;
import org.apache.flink.util.concurrent.FutureUtils;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The migration of a vertex in which nothing has an owner: upstream tasks spread their records over
 * another number of subtasks. No record waits.
 */
final class Spreading {

    private final RescaleScope scope;

    Spreading(RescaleScope scope) {
        this.scope = scope;
    }

    /** Completes when subtasks that retire have processed all that was sent to them. */
    CompletableFuture<Void> run() {
        VertexTasks vertex = scope.vertex();
        List<ExecutionVertex> retiring = vertex.subtasks(scope.to(), vertex.parallelism());
        CompletableFuture<Void> ready =
                scope.tell(
                        retiring,
                        ignored -> new TaskCommand.BeginDrain(),
                        scope.settings().prepareTimeout());
        return scope.then(ready, () -> spread(retiring));
    }

    private CompletableFuture<Void> spread(List<ExecutionVertex> retiring) {
        scope.enter(RescaleState.MIGRATE, "nothing has an owner");
        CompletableFuture<Void> drained =
                scope.tell(
                        retiring,
                        ignored -> new TaskCommand.AwaitDrain(),
                        scope.settings().stepTimeout());
        CompletableFuture<Void> spread =
                scope.tellUpstream(
                        new TaskCommand.SpreadRoutes(scope.vertex().inputResults(), scope.to()),
                        scope.settings().stepTimeout());
        return FutureUtils.combineAll(List.of(drained, spread))
                .thenRunAsync(
                        () -> scope.enter(RescaleState.COMMIT, ""),
                        scope.surroundings().mainThread());
    }
}
