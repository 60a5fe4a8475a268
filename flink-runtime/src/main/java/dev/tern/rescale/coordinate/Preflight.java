package dev.tern.rescale.coordinate;

import dev.tern.rescale.control.TaskCommand;
import dev.tern.rescale.control.TaskReply;
import dev.tern.rescale.plan.MigrationPlan;
import dev.tern.rescale.request.RescaleState;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Asks all tasks that will take part, while nothing has changed. */
final class Preflight {

    private final RescaleScope scope;

    Preflight(RescaleScope scope) {
        this.scope = scope;
    }

    /** What the owners say about themselves; fails when a task does not answer. */
    CompletableFuture<Inspection> run() {
        int moves =
                scope.isKeyed()
                        ? MigrationPlan.difference(scope.before(), scope.after()).size()
                        : 0;
        scope.enter(RescaleState.PREFLIGHT, moves + " key groups to move");
        CompletableFuture<List<TaskReply>> owners =
                scope.ask(
                        scope.vertex().subtasks(),
                        owner ->
                                new TaskCommand.Inspect(
                                        owner.getParallelSubtaskIndex() >= scope.to(),
                                        scope.isKeyed()),
                        scope.settings().prepareTimeout());
        // A task that is blocked inside one emit runs no mail, and must be found now.
        CompletableFuture<Void> neighbours =
                scope.tell(
                        scope.vertex().neighbourTasks(),
                        ignored -> new TaskCommand.Ping(),
                        scope.settings().prepareTimeout());
        return owners.thenCombineAsync(
                neighbours,
                (replies, ignored) -> Inspection.of(replies),
                scope.surroundings().mainThread());
    }
}
