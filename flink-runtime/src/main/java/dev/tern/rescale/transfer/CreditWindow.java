package dev.tern.rescale.transfer;

import javax.annotation.Nullable;

import java.io.InterruptedIOException;
import java.util.concurrent.TimeUnit;

/**
 * How many chunks the old owner may still send: it takes one credit per chunk, the new owner
 * returns it when the chunk has been read. Thread-safe.
 */
final class CreditWindow {

    private final int window;
    private int available;
    @Nullable private TransferException failure;

    /** Starts full, with {@code window} credits. */
    CreditWindow(int window) {
        this.window = window;
        this.available = window;
    }

    /** Takes a credit if there is one. */
    synchronized boolean tryTake() throws TransferException {
        throwIfFailed();
        if (available == 0) {
            return false;
        }
        available--;
        return true;
    }

    /**
     * Takes a credit, waiting for one.
     *
     * @throws TransferException after {@code timeoutNanos} without a credit, or once failed
     */
    synchronized void take(long timeoutNanos) throws TransferException, InterruptedIOException {
        long deadline = System.nanoTime() + timeoutNanos;
        while (!tryTake()) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                throw new TransferException(
                        "the new owner has read nothing for "
                                + TimeUnit.NANOSECONDS.toMillis(timeoutNanos)
                                + " ms ("
                                + TransferOptions.TIMEOUT.key()
                                + ") with "
                                + window
                                + " chunks under way");
            }
            try {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted while waiting for credit");
            }
        }
    }

    /** Returns credits that were taken. */
    synchronized void giveBack(int credits) throws FrameException {
        if (credits < 1 || credits > window - available) {
            throw new FrameException(
                    "CREDIT returns "
                            + credits
                            + " chunks, but "
                            + (window - available)
                            + " are under way");
        }
        available += credits;
        notifyAll();
    }

    /** Fails everyone who waits for, or later asks for, a credit. The first failure counts. */
    synchronized void fail(TransferException cause) {
        if (failure == null) {
            failure = cause;
            notifyAll();
        }
    }

    private void throwIfFailed() throws TransferException {
        if (failure != null) {
            throw failure;
        }
    }
}
