package dev.tern.rescale.coordinate;

import dev.tern.rescale.control.TaskCommand;
import dev.tern.rescale.plan.Ownership;

import java.util.concurrent.CompletableFuture;

/**
 * What becomes of a vertex whose subtasks have producers of their own: it gets other records as soon
 * as those do, and nothing has to be moved.
 */
final class Following implements Relocation {

    private final RescaleScope scope;
    private final VertexChange change;

    Following(RescaleScope scope, VertexChange change) {
        this.scope = scope;
        this.change = change;
    }

    @Override
    public VertexChange change() {
        return change;
    }

    /** Subtasks that retire will be told by a marker when their producers are done. */
    @Override
    public CompletableFuture<HeapRoom.Load> prepare() {
        return scope.tell(
                        change.retiring(),
                        ignored -> new TaskCommand.BeginDrain(),
                        scope.settings().prepareTimeout())
                .thenApply(ignored -> HeapRoom.Load.NONE);
    }

    @Override
    public int steps() {
        return 0;
    }

    @Override
    public long bytesOf(int step) {
        throw noSteps();
    }

    @Override
    public CompletableFuture<Void> begin(int step) {
        throw noSteps();
    }

    @Override
    public CompletableFuture<Void> carryOut(int step, boolean last) {
        throw noSteps();
    }

    @Override
    public Ownership after(int steps) {
        return change.all();
    }

    @Override
    public CompletableFuture<Void> commit(Ownership present) {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public StopPoint stopPoint(int steps) {
        return StopPoint.withoutOwners(
                change.jobVertex().getName(), change.all().parallelism(), 0, 0);
    }

    private static IllegalStateException noSteps() {
        return new IllegalStateException("Nothing moves in a vertex that follows others");
    }
}
