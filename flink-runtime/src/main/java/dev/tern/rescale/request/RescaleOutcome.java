package dev.tern.rescale.request;

/** How a rescale ended, or that it has not. */
public enum RescaleOutcome {
    /** The rescale is running or waits for its turn. */
    IN_PROGRESS,
    /** The job runs at the wanted parallelism. */
    COMPLETED,
    /** Something broke after key groups had begun to move; the job was restarted. */
    FAILED,
    /** Given up, and the job goes on: as before, or with what had moved when it was stopped. */
    ABORTED,
    /** The rescale was overtaken: by a newer one, or by the end or a failure of the job. */
    IGNORED;

    /** Whether the rescale is over. */
    public boolean isTerminal() {
        return this != IN_PROGRESS;
    }
}
