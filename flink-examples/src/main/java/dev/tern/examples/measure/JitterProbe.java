package dev.tern.examples.measure;

import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;

/**
 * Shows how long this machine keeps a thread waiting that asks to run every millisecond: the floor
 * under any latency measured meanwhile. One daemon thread of its own; the figures may be read from
 * any thread.
 */
public final class JitterProbe implements AutoCloseable {

    private static final long PERIOD_NANOS = 1_000_000;
    private static final long BUCKET_MICROS = 100_000;

    private final long startMicros;
    private final Thread thread;

    /** Longest gap that ended in each 100 ms since the start, in microseconds. */
    private int[] buckets = new int[1024];

    private volatile boolean closed;

    private JitterProbe() {
        this.startMicros = EpochMicros.now();
        this.thread = new Thread(this::run, "jitter-probe");
        thread.setDaemon(true);
    }

    /** Starts probing. */
    public static JitterProbe start() {
        JitterProbe probe = new JitterProbe();
        probe.thread.start();
        return probe;
    }

    private void run() {
        long previous = startMicros;
        while (!closed) {
            LockSupport.parkNanos(PERIOD_NANOS);
            long now = EpochMicros.now();
            record(previous, now);
            previous = now;
        }
    }

    /** Takes note that the thread ran at two times and not in between. */
    synchronized void record(long previousMicros, long nowMicros) {
        int bucket = (int) ((nowMicros - startMicros) / BUCKET_MICROS);
        if (bucket < 0) {
            return;
        }
        if (bucket >= buckets.length) {
            buckets = Arrays.copyOf(buckets, Math.max(bucket + 1, buckets.length * 2));
        }
        buckets[bucket] = (int) Math.max(buckets[bucket], nowMicros - previousMicros);
    }

    /** Longest gap, in milliseconds, that ended in any 100 ms touching the span. */
    public synchronized double maxMillis(Span span) {
        int longest = 0;
        long from = Math.max(0, (span.fromMicros() - startMicros) / BUCKET_MICROS);
        long to = (span.toMicros() - 1 - startMicros) / BUCKET_MICROS;
        for (long bucket = from; bucket <= to && bucket < buckets.length; bucket++) {
            longest = Math.max(longest, buckets[(int) bucket]);
        }
        return longest / 1e3;
    }

    /** When the probe started, epoch microseconds. */
    public long startMicros() {
        return startMicros;
    }

    @Override
    public void close() throws InterruptedException {
        closed = true;
        thread.join();
    }
}
