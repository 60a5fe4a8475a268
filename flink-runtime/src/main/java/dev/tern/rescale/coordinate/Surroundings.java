package dev.tern.rescale.coordinate;

import dev.tern.rescale.plan.Ownership;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** What a rescale needs of the job around it. */
public interface Surroundings {

    /** Throws when the job has left the state in which it can be rescaled. */
    void requireAlive();

    /** Runs in the JobMaster main thread. */
    Executor mainThread();

    /** Completes in the main thread once the condition holds there. */
    CompletableFuture<Void> when(Supplier<Boolean> condition, Duration timeout, String what);

    /** Checkpoints from now on are of this ownership. */
    void ownershipIs(VertexTasks vertex, Ownership ownership);

    /** An attempt number never used for this subtask of this graph. */
    int nextAttempt(VertexTasks vertex, int subtask);
}
