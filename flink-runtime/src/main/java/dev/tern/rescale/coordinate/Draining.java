package dev.tern.rescale.coordinate;

import dev.tern.rescale.control.TaskCommand;
import dev.tern.rescale.plan.Ownership;

import java.util.concurrent.CompletableFuture;

/**
 * The relocation of a vertex in which nothing has an owner: no state moves, and subtasks that retire
 * process what was sent to them before.
 */
abstract class Draining implements Relocation {

    final RescaleScope scope;
    final VertexChange change;

    Draining(RescaleScope scope, VertexChange change) {
        this.scope = scope;
        this.change = change;
    }

    @Override
    public VertexChange change() {
        return change;
    }

    /** Subtasks that retire will be told by markers when nothing comes any more. */
    @Override
    public CompletableFuture<HeapRoom.Load> prepare() {
        return scope.tell(
                        change.retiring(),
                        ignored -> new TaskCommand.BeginDrain(),
                        scope.settings().prepareTimeout())
                .thenApply(ignored -> HeapRoom.Load.NONE);
    }

    @Override
    public Ownership after(int steps) {
        return change.all();
    }

    @Override
    public StopPoint stopPoint(int steps) {
        return StopPoint.withoutOwners(
                change.jobVertex().getName(), change.all().parallelism(), steps, steps());
    }
}
