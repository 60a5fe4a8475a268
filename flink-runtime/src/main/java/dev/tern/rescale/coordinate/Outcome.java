package dev.tern.rescale.coordinate;

import dev.tern.rescale.plan.Ownership;

import java.util.List;

/** How a live rescale of one vertex went. */
public sealed interface Outcome {

    /** The job runs at the new parallelism. */
    record Completed(Ownership ownership) implements Outcome {}

    /**
     * Stopped between two steps; the job runs with this ownership.
     *
     * @param reason a sentence that says why and where
     */
    record Stopped(Ownership ownership, String reason) implements Outcome {}

    /** The tasks say that this vertex cannot be rescaled live; nothing has changed. */
    record NotLive(List<String> obstacles) implements Outcome {}

    /** Undone; the job runs as before. */
    record Aborted(RescaleException cause) implements Outcome {}

    /** Something has changed that cannot be undone; the job has to restart. */
    record Broken(RescaleException cause, boolean afterMigration) implements Outcome {}
}
