package dev.tern.rescale.scheduler;

import dev.tern.rescale.plan.Ownership;

import org.apache.flink.runtime.executiongraph.ExecutionJobVertex;
import org.apache.flink.runtime.jobgraph.JobVertexID;
import org.apache.flink.runtime.scheduler.strategy.ExecutionVertexID;

import java.util.HashMap;
import java.util.Map;

/**
 * What has to be remembered of one execution graph beyond the state object that works on it: a
 * stop-with-savepoint that fails comes back to a new state on the same graph.
 */
final class GraphMemory {

    private final Map<JobVertexID, Ownership> ownership = new HashMap<>();
    private final Map<ExecutionVertexID, Integer> nextAttempt = new HashMap<>();

    /** Who owns what now: Flink's contiguous ranges until a rescale changed it. */
    Ownership ownershipOf(ExecutionJobVertex vertex) {
        return ownership.getOrDefault(
                vertex.getJobVertexId(),
                Ownership.contiguous(vertex.getMaxParallelism(), vertex.getParallelism()));
    }

    void ownershipChanged(JobVertexID vertex, Ownership after) {
        ownership.put(vertex, after);
    }

    /**
     * An attempt number never used for the subtask: ids of an attempt that left the graph must not
     * come back on a TaskExecutor that still remembers it.
     */
    int nextAttempt(ExecutionVertexID subtask) {
        return nextAttempt.merge(subtask, 0, (last, zero) -> last + 1);
    }

    /** Subtasks that the graph was built with have used this attempt number. */
    void used(ExecutionVertexID subtask, int attempt) {
        nextAttempt.merge(subtask, attempt, Math::max);
    }
}
