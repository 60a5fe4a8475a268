package dev.tern.rescale.coordinate;

import dev.tern.rescale.control.TaskCommand;

import org.apache.flink.runtime.executiongraph.ExecutionVertex;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Lets subtasks that are about to end take part in one more checkpoint. It covers all they have ever
 * done, so that their sinks commit everything. Records flow meanwhile.
 */
final class LastCheckpoint {

    private final RescaleScope scope;
    private final CheckpointGate gate;
    private final CheckpointPause pause;

    /**
     * @param gate null when the job takes no checkpoints
     */
    LastCheckpoint(RescaleScope scope, CheckpointGate gate, CheckpointPause pause) {
        this.scope = scope;
        this.gate = gate;
        this.pause = pause;
    }

    /**
     * Completes when the subtasks have nothing left to commit and the gate is closed again.
     *
     * @param first index of the first subtask to end
     */
    CompletableFuture<Void> run(int first) {
        List<ExecutionVertex> retiring =
                scope.vertex().subtasks(first, scope.vertex().parallelism());
        CompletableFuture<Void> sealed =
                scope.tell(
                        retiring,
                        ignored -> new TaskCommand.Seal(),
                        scope.settings().stepTimeout());
        if (gate == null) {
            return sealed;
        }
        CompletableFuture<Void> committed = scope.then(sealed, () -> awaitCheckpoint(retiring));
        return scope.then(committed, pause::close);
    }

    private CompletableFuture<Void> awaitCheckpoint(List<ExecutionVertex> retiring) {
        long before = gate.openForCheckpoint(scope.vertex().ownersOf(scope.after()));
        return scope.tell(
                retiring,
                ignored -> new TaskCommand.AwaitCheckpoint(before),
                scope.settings().stepTimeout());
    }
}
