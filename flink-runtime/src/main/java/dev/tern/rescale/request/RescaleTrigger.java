package dev.tern.rescale.request;

/** What set a rescale off, in the words of Flink 2.3's rescale history. */
public enum RescaleTrigger {
    /**
     * Somebody asked: {@code flink rescale}, {@code POST /jobs/:jobid/rescales} or {@code PUT
     * /jobs/:jobid/resource-requirements}.
     */
    UPDATE_REQUIREMENT,
    /** Slots came, and the job was below the parallelism it wants. */
    NEW_RESOURCE_AVAILABLE,
    /** A task failed, and the job came back at another parallelism. */
    RECOVERABLE_FAILOVER
}
