package dev.tern.rescale.transfer;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Gives one stream turns on a shared pool, one at a time, and takes a thread only while a turn
 * runs. Thread-safe.
 */
final class SerialWorker {

    private enum State {
        /** Nothing to do. */
        IDLE,
        /** Handed to the pool. */
        QUEUED,
        /** In its turn. */
        RUNNING,
        /** In its turn, and signalled since it began. */
        RUNNING_AGAIN,
        /** In its last turn. */
        STOPPING,
        /** Over. */
        STOPPED
    }

    private final Executor pool;
    private final Runnable turn;
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();

    private State state = State.IDLE;

    /**
     * @param turn does what there is to do and returns; must not throw
     */
    SerialWorker(Executor pool, Runnable turn) {
        this.pool = pool;
        this.turn = turn;
    }

    /** Asks for a turn that begins after this call. No effect once stopped. */
    void signal() {
        synchronized (this) {
            if (state == State.RUNNING) {
                state = State.RUNNING_AGAIN;
            }
            if (state != State.IDLE) {
                return;
            }
            state = State.QUEUED;
        }
        submit();
    }

    /** Allows no further turn. */
    void stop() {
        synchronized (this) {
            if (state == State.RUNNING || state == State.RUNNING_AGAIN) {
                state = State.STOPPING;
            }
            if (state == State.STOPPING) {
                return;
            }
            state = State.STOPPED;
        }
        stopped.complete(null);
    }

    /** Completes when it is stopped and no turn is running. */
    CompletableFuture<Void> stopped() {
        return stopped;
    }

    private void submit() {
        try {
            pool.execute(this::run);
        } catch (RejectedExecutionException e) {
            // The pool closes after all its streams have been failed: nobody waits for this turn.
            stop();
        }
    }

    private void run() {
        synchronized (this) {
            if (state != State.QUEUED) {
                return;
            }
            state = State.RUNNING;
        }
        try {
            turn.run();
        } finally {
            afterTurn();
        }
    }

    private void afterTurn() {
        boolean again;
        synchronized (this) {
            again = state == State.RUNNING_AGAIN;
            state = again ? State.QUEUED : state == State.STOPPING ? State.STOPPED : State.IDLE;
            if (state == State.IDLE) {
                return;
            }
        }
        if (again) {
            submit();
        } else {
            stopped.complete(null);
        }
    }
}
