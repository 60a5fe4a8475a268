package dev.tern.rescale.request;

/** How the parallelism of a running job is changed. */
public enum RescaleMode {
    /** The job keeps running; only moving key groups wait. */
    LIVE,
    /** The job is restarted from its last checkpoint, as stock Flink does. */
    RESTART
}
