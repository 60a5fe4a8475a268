package dev.tern.rescale.transfer;

import dev.tern.rescale.config.TransferOptions;

import javax.annotation.Nullable;

import java.io.InterruptedIOException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * When the old owner may send a chunk: it takes one credit per chunk, which the new owner returns
 * when the chunk has been read, and only while the network takes more. Thread-safe.
 */
final class CreditWindow {

    private final int window;
    private final BooleanSupplier writable;
    private int available;
    @Nullable private TransferException failure;

    /**
     * Starts full.
     *
     * @param window credits there are
     * @param writable whether the network takes more; call {@link #writableChanged()} when it does
     */
    CreditWindow(int window, BooleanSupplier writable) {
        this.window = window;
        this.writable = writable;
        this.available = window;
    }

    /** Takes a credit if there is one and the network takes more. */
    synchronized boolean tryTake() throws TransferException {
        throwIfFailed();
        if (available == 0 || !writable.getAsBoolean()) {
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
                        (available == 0 ? "the new owner has read" : "the network has taken")
                                + " nothing for "
                                + TimeUnit.NANOSECONDS.toMillis(timeoutNanos)
                                + " ms ("
                                + TransferOptions.TIMEOUT.key()
                                + ") with "
                                + (window - available)
                                + " of "
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

    /** The network may take more than before. */
    synchronized void writableChanged() {
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
