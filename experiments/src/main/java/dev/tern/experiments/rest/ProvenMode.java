package dev.tern.experiments.rest;

/** What stock REST proves about a change of parallelism. */
public enum ProvenMode {
    /** The new parallelism is reached and every surviving attempt is the one from before. */
    LIVE,
    /** The new parallelism is reached, but the job or a surviving subtask was started anew. */
    RESTART,
    /** The new parallelism is not reached. */
    UNCHANGED
}
