package dev.tern.streaming.network;

import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A thread that works in small steps and runs commands between two of them, as a task does. */
final class TestLoop implements AutoCloseable {

    private static final long TIMEOUT_SECONDS = 60;

    /** One piece of work. */
    interface Step {

        /** Works, and returns what to wait for before the next step. */
        CompletableFuture<?> run() throws Exception;
    }

    static final CompletableFuture<?> NOW = CompletableFuture.completedFuture(null);
    static final CompletableFuture<?> NEVER = new CompletableFuture<>();

    private final Step step;
    private final Thread thread;
    private final Queue<Runnable> mails = new ConcurrentLinkedQueue<>();
    private volatile CompletableFuture<Void> mailArrived = new CompletableFuture<>();
    private volatile Throwable failure;
    private volatile boolean closed;

    TestLoop(String name, Step step) {
        this.step = step;
        this.thread = new Thread(this::run, name);
        thread.start();
    }

    /** Runs a command between two steps and waits for its outcome. */
    <V> V call(Callable<V> command) throws Exception {
        CompletableFuture<V> outcome = new CompletableFuture<>();
        mails.add(
                () -> {
                    try {
                        outcome.complete(command.call());
                    } catch (Throwable t) {
                        outcome.completeExceptionally(t);
                    }
                });
        mailArrived.complete(null);
        if (failure != null) {
            throw new AssertionError(thread.getName() + " has failed", failure);
        }
        try {
            return outcome.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exception) {
                throw (Exception) e.getCause();
            }
            throw new AssertionError(e.getCause());
        } catch (TimeoutException e) {
            AssertionError stuck = new AssertionError(thread.getName() + " is stuck");
            stuck.setStackTrace(thread.getStackTrace());
            throw stuck;
        }
    }

    /** Waits until a question asked between two steps is answered with yes. */
    void await(String what, Callable<Boolean> question) throws Exception {
        eventually(
                thread.getName() + ": " + what,
                () -> {
                    try {
                        return call(question);
                    } catch (Exception e) {
                        throw new AssertionError(e);
                    }
                });
    }

    /** Waits until the condition holds. */
    static void eventually(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("Waited in vain until " + what);
            }
            LockSupport.parkNanos(200_000);
        }
    }

    @Override
    public void close() throws Exception {
        closed = true;
        mailArrived.complete(null);
        thread.join(TimeUnit.SECONDS.toMillis(TIMEOUT_SECONDS));
        if (failure != null) {
            throw new AssertionError(thread.getName() + " has failed", failure);
        }
    }

    private void run() {
        try {
            while (true) {
                CompletableFuture<Void> wake = new CompletableFuture<>();
                mailArrived = wake;
                for (Runnable mail = mails.poll(); mail != null; mail = mails.poll()) {
                    mail.run();
                }
                if (closed) {
                    return;
                }
                CompletableFuture<?> next = step.run();
                if (!next.isDone()) {
                    CompletableFuture.anyOf(next, wake).get();
                }
            }
        } catch (Throwable t) {
            failure = t;
        }
    }
}
