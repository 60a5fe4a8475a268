package dev.tern.rescale.coordinate;

import dev.tern.rescale.plan.Ownership;

import org.apache.flink.runtime.executiongraph.ExecutionJobVertex;
import org.apache.flink.runtime.scheduler.strategy.ExecutionVertexID;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** What a rescale needs of the job around it. */
public interface Surroundings {

    /** Throws when the job has left the state in which it can be rescaled. */
    void requireAlive();

    /** Runs in the JobMaster main thread. */
    Executor mainThread();

    /** Runs beside the JobMaster main thread what would keep it for too long. */
    Executor background();

    /** Completes in the main thread once the condition holds there. */
    CompletableFuture<Void> when(Supplier<Boolean> condition, Duration timeout, String what);

    /** Who owns what in a vertex that does not change. */
    Ownership ownershipOf(ExecutionJobVertex vertex);

    /** Checkpoints from now on are of this ownership, in the vertices that change. */
    void ownershipIs(Map<ExecutionJobVertex, Ownership> ownership);

    /** An attempt number never used for this subtask of this graph. */
    int nextAttempt(ExecutionVertexID subtask);
}
