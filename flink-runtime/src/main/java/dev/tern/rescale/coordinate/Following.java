package dev.tern.rescale.coordinate;

import dev.tern.rescale.plan.Ownership;

import java.util.concurrent.CompletableFuture;

/**
 * What becomes of a vertex whose subtasks have producers of their own: it gets other records as soon
 * as those do, and nothing has to be moved.
 */
final class Following extends Draining {

    Following(RescaleScope scope, VertexChange change) {
        super(scope, change);
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
    public CompletableFuture<Void> commit(Ownership present) {
        return CompletableFuture.completedFuture(null);
    }

    private static IllegalStateException noSteps() {
        return new IllegalStateException("Nothing moves in a vertex that follows others");
    }
}
