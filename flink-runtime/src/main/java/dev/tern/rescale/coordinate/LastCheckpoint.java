package dev.tern.rescale.coordinate;

import dev.tern.rescale.control.TaskCommand;

import org.apache.flink.runtime.executiongraph.ExecutionVertex;
import org.apache.flink.runtime.jobgraph.OperatorID;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

    /** Completes when the subtasks have nothing left to commit and the gate is closed again. */
    CompletableFuture<Void> run() {
        List<ExecutionVertex> retiring =
                scope.shrinking().stream().flatMap(c -> c.retiring().stream()).toList();
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
        Map<OperatorID, int[]> owners = new HashMap<>();
        scope.changes()
                .forEach(
                        change ->
                                owners.putAll(
                                        VertexTasks.ownersOf(
                                                change.jobVertex(), change.after())));
        long before = gate.openForCheckpoint(owners);
        return scope.tell(
                retiring,
                ignored -> new TaskCommand.AwaitCheckpoint(before),
                scope.settings().stepTimeout());
    }
}
