package dev.tern.rescale.coordinate;

import dev.tern.rescale.plan.Ownership;
import dev.tern.rescale.request.RescaleState;

import org.apache.flink.runtime.executiongraph.ExecutionJobVertex;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Keeps checkpoints and moves apart: checkpoints end before anything changes, and one that is due
 * meanwhile is taken between two steps of the migration.
 */
final class CheckpointPause {

    private final RescaleScope scope;
    private final CheckpointGate gate;

    /**
     * @param gate null when the job takes no checkpoints
     */
    CheckpointPause(RescaleScope scope, CheckpointGate gate) {
        this.scope = scope;
        this.gate = gate;
    }

    /** Before anything changes. */
    CompletableFuture<Void> begin() {
        scope.enter(RescaleState.QUIESCE, "");
        return close();
    }

    /** Closes the gate; completes when no checkpoint is in flight any more. */
    CompletableFuture<Void> close() {
        if (gate == null) {
            return CompletableFuture.completedFuture(null);
        }
        gate.close();
        return ended(scope.settings().quiesceCheckpointTimeout(), scope.settings().stepTimeout());
    }

    /**
     * Between two steps: lets checkpoints through that are due, and those that become due until the
     * pause is over. Ends early when the rescale is to stop.
     *
     * @param present who owns what now, each key group with one owner
     */
    CompletableFuture<Void> rest(
            Duration pause, Supplier<Map<ExecutionJobVertex, Ownership>> present) {
        return pause.isZero()
                ? letThrough(present)
                : restUntil(System.nanoTime() + pause.toNanos(), present);
    }

    private CompletableFuture<Void> restUntil(
            long endNanos, Supplier<Map<ExecutionJobVertex, Ownership>> present) {
        return scope.then(
                letThrough(present),
                () -> {
                    long leftNanos = endNanos - System.nanoTime();
                    if (leftNanos <= 0 || scope.stopReason().isPresent()) {
                        return CompletableFuture.completedFuture(null);
                    }
                    return scope.then(
                            untilSomethingIsDue(endNanos, leftNanos),
                            () -> restUntil(endNanos, present));
                });
    }

    private CompletableFuture<Void> untilSomethingIsDue(long endNanos, long leftNanos) {
        return scope.surroundings()
                .when(
                        () ->
                                System.nanoTime() >= endNanos
                                        || scope.stopReason().isPresent()
                                        || gate != null && gate.holdsTrigger(),
                        Duration.ofNanos(leftNanos).plus(scope.settings().stepTimeout()),
                        "the pause between two steps");
    }

    /**
     * Between two steps: a checkpoint that is due is taken now and awaited. No record waits for it,
     * since nothing is in flight; without one this costs nothing.
     *
     * @param present who owns what now, each key group with one owner
     */
    private CompletableFuture<Void> letThrough(Supplier<Map<ExecutionJobVertex, Ownership>> present) {
        if (gate == null || !gate.holdsTrigger()) {
            return CompletableFuture.completedFuture(null);
        }
        scope.surroundings().ownershipIs(present.get());
        gate.admit();
        // A savepoint is never aborted: what ends it at the latest is the checkpoint timeout.
        return ended(
                scope.settings().stepTimeout(),
                gate.checkpointTimeout().plus(scope.settings().stepTimeout()));
    }

    /**
     * @param patience for any checkpoint; then periodic ones are aborted
     * @param rest for a savepoint, after that
     */
    private CompletableFuture<Void> ended(Duration patience, Duration rest) {
        return quiet(patience)
                .handleAsync(
                        (quiet, timeout) -> {
                            scope.requireWanted();
                            if (timeout == null) {
                                return CompletableFuture.<Void>completedFuture(null);
                            }
                            gate.abortPeriodicCheckpoints();
                            return quiet(rest);
                        },
                        scope.surroundings().mainThread())
                .thenCompose(next -> next);
    }

    private CompletableFuture<Void> quiet(Duration timeout) {
        return scope.surroundings()
                .when(
                        () -> {
                            scope.requireWanted();
                            return gate.isQuiet();
                        },
                        timeout,
                        "checkpoints to end");
    }
}
