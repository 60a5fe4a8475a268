package dev.tern.rescale.coordinate;

import dev.tern.rescale.plan.Ownership;

import org.apache.flink.runtime.executiongraph.ExecutionJobVertex;

import java.util.Map;

/** How a live rescale went. */
public sealed interface Outcome {

    /** The job runs at the new parallelism. */
    record Completed(Map<ExecutionJobVertex, Ownership> ownership) implements Outcome {}

    /**
     * Stopped between two steps; the job runs with this ownership.
     *
     * @param reason a sentence that says why and where
     */
    record Stopped(Map<ExecutionJobVertex, Ownership> ownership, String reason)
            implements Outcome {}

    /**
     * The tasks say that it cannot be done live; nothing has changed.
     *
     * @param reason sentences that name the vertices
     */
    record NotLive(String reason) implements Outcome {}

    /** Undone; the job runs as before. */
    record Aborted(RescaleException cause) implements Outcome {}

    /** Something has changed that cannot be undone; the job has to restart. */
    record Broken(RescaleException cause, boolean afterMigration) implements Outcome {}
}
