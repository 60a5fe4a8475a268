package dev.tern.rescale.coordinate;

import dev.tern.rescale.control.TaskCommand;
import dev.tern.rescale.plan.Ownership;

import org.apache.flink.util.concurrent.FutureUtils;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * What becomes of a vertex any of whose subtasks may process any record: upstream tasks spread their
 * records over another number of them. No record waits.
 */
final class Spreading extends Draining {

    Spreading(RescaleScope scope, VertexChange change) {
        super(scope, change);
    }

    @Override
    public int steps() {
        return 1;
    }

    @Override
    public long bytesOf(int step) {
        return 0;
    }

    @Override
    public CompletableFuture<Void> begin(int step) {
        return CompletableFuture.completedFuture(null);
    }

    /** Completes when subtasks that retire have processed all that was sent to them. */
    @Override
    public CompletableFuture<Void> carryOut(int step, boolean last) {
        CompletableFuture<Void> drained =
                scope.tell(
                        change.retiring(),
                        ignored -> new TaskCommand.AwaitDrain(),
                        scope.settings().stepTimeout());
        CompletableFuture<Void> spread =
                scope.tellUpstream(
                        change,
                        new TaskCommand.SpreadRoutes(
                                change.vertex().inputResults(), change.to()),
                        scope.settings().stepTimeout());
        return FutureUtils.combineAll(List.of(drained, spread))
                .thenRunAsync(() -> {}, scope.surroundings().mainThread());
    }

    @Override
    public CompletableFuture<Void> commit(Ownership present) {
        return scope.tellUpstream(
                change,
                new TaskCommand.CommitRoutes(change.vertex().inputResults(), present),
                scope.settings().stepTimeout());
    }
}
