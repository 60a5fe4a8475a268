package dev.tern.rescale.request;

/**
 * Where a rescale stands, in the order in which a scale-out passes through. A scale-in skips the
 * states in which something grows.
 *
 * <p>Up to and including {@link #PREPARE_OWNERS} an error undoes everything and the job goes on
 * untouched; from {@link #MIGRATE} on it restarts the job from its last checkpoint.
 */
public enum RescaleState {
    /** No rescale is running. Never part of a history entry. */
    IDLE,
    /** Checks that the vertex can change while it runs, and plans who will own which key group. */
    PREFLIGHT,
    /** Waits for or aborts checkpoints in flight and keeps new ones parked. */
    QUIESCE,
    /** Gives the execution graph the new number of subtasks, results and edges. */
    RESIZE_GRAPH,
    /** Takes slots for the new subtasks: all of them, or the rescale is undone. */
    RESERVE_SLOTS,
    /** Upstream tasks get a subpartition for every new subtask. */
    GROW_UPSTREAM,
    /** New subtasks are started and reach RUNNING. */
    DEPLOY,
    /** Downstream tasks get an input channel for every new subtask. */
    GROW_DOWNSTREAM,
    /** Old and new owners learn what they will give and get, and open their transfer endpoints. */
    PREPARE_OWNERS,
    /** Routes are switched and key groups move, step by step. */
    MIGRATE,
    /** Every moved key group is confirmed by its new owner; the new ownership counts. */
    COMMIT,
    /** Subtasks that own nothing any more end, and their channels, partitions and slots go. */
    RETIRE,
    /** Terminal: the job runs at the wanted parallelism and was not restarted. */
    COMPLETED,
    /** Terminal: given up without a restart; the job goes on as before, or from where it stopped. */
    ABORTED,
    /** Terminal: the job was restarted from its last checkpoint. */
    RESTARTED;

    /** Whether a rescale that reached this state is over. */
    public boolean isTerminal() {
        return this == COMPLETED || this == ABORTED || this == RESTARTED;
    }
}
