package dev.tern.rescale.coordinate;

import dev.tern.rescale.request.RescaleState;

import java.util.concurrent.CompletableFuture;

/** Gets checkpoints out of the way. */
final class Quiesce {

    private final RescaleScope scope;
    private final CheckpointGate gate;

    /**
     * @param gate null when the job takes no checkpoints
     */
    Quiesce(RescaleScope scope, CheckpointGate gate) {
        this.scope = scope;
        this.gate = gate;
    }

    /** Before anything changes. */
    CompletableFuture<Void> run() {
        scope.enter(RescaleState.QUIESCE, "");
        return close();
    }

    /** Closes the gate; completes when no checkpoint is in flight any more. */
    CompletableFuture<Void> close() {
        if (gate == null) {
            return CompletableFuture.completedFuture(null);
        }
        gate.close();
        return scope.surroundings()
                .when(
                        gate::isQuiet,
                        scope.settings().quiesceCheckpointTimeout(),
                        "checkpoints to end")
                .handleAsync(
                        (quiet, timeout) -> {
                            scope.surroundings().requireAlive();
                            return timeout == null
                                    ? CompletableFuture.<Void>completedFuture(null)
                                    : withoutPeriodicOnes();
                        },
                        scope.surroundings().mainThread())
                .thenCompose(next -> next);
    }

    /** A savepoint may take as long as it needs, up to the step timeout. */
    private CompletableFuture<Void> withoutPeriodicOnes() {
        gate.abortPeriodicCheckpoints();
        return scope.await(gate::isQuiet, "checkpoints to end");
    }
}
