package dev.tern.rescale.transfer;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Up to so many daemon threads, started on demand, for work that blocks. Writers and readers have
 * one each: if a reader had to wait for a thread that a writer holds, two processes that send to
 * each other could both stand still.
 */
final class WorkerPool implements Executor, AutoCloseable {

    private static final long KEEP_ALIVE_SECONDS = 10;

    private final ThreadPoolExecutor threads;

    /**
     * @param name prefix of the threads' names
     * @param most largest number of threads
     */
    WorkerPool(String name, int most) {
        AtomicInteger number = new AtomicInteger();
        threads =
                new ThreadPoolExecutor(
                        most,
                        most,
                        KEEP_ALIVE_SECONDS,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(),
                        work -> newThread(work, name + number.incrementAndGet()));
        threads.allowCoreThreadTimeOut(true);
    }

    private static Thread newThread(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        // Not the starter's, which may be a job's class loader and would be kept from unloading.
        thread.setContextClassLoader(WorkerPool.class.getClassLoader());
        return thread;
    }

    @Override
    public void execute(Runnable work) {
        threads.execute(work);
    }

    /** Whether work waits for a thread, so that who holds one should pass it on. */
    boolean isCrowded() {
        return !threads.getQueue().isEmpty();
    }

    /** Takes no more work; running work goes on. */
    @Override
    public void close() {
        threads.shutdown();
    }
}
