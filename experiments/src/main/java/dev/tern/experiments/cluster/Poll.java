package dev.tern.experiments.cluster;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/** Asks a question again and again until it is answered or its time is up. */
public final class Poll {

    /** A question whose answer is not there yet. */
    @FunctionalInterface
    public interface Question {
        /** Whether the wait is over. An IOException counts as "not yet". */
        boolean isAnswered() throws IOException;
    }

    private Poll() {}

    /**
     * Waits until the question is answered.
     *
     * @param what names what is waited for, for the message of the exception
     * @throws TimeoutException when the time is up; carries the last IOException as its cause
     * @throws InterruptedException when the thread is interrupted
     */
    public static void until(String what, Duration timeout, Duration every, Question question)
            throws TimeoutException, InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        IOException last = null;
        while (true) {
            try {
                if (question.isAnswered()) {
                    return;
                }
                last = null;
            } catch (IOException notYet) {
                last = notYet;
            }
            if (System.nanoTime() - deadline >= 0) {
                TimeoutException late =
                        new TimeoutException(
                                "Waited "
                                        + timeout.toSeconds()
                                        + " s in vain for "
                                        + what
                                        + (last == null ? "." : ": " + last.getMessage()));
                late.initCause(last);
                throw late;
            }
            pause(every);
        }
    }

    /** Lets the given time pass. */
    public static void pause(Duration time) throws InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
            if (Thread.interrupted()) {
                throw new InterruptedException("Interrupted while pausing.");
            }
        }
    }
}
