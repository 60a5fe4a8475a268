package dev.tern.tests;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Runs whose operator takes its time for every record, so that its input piles up. Any thread. */
final class Slowness {

    private static final long NANOS_A_RECORD = TimeUnit.MICROSECONDS.toNanos(200);

    private static final Set<String> RUNS = ConcurrentHashMap.newKeySet();

    private Slowness() {}

    static void begin(String run) {
        RUNS.add(run);
    }

    static void end(String run) {
        RUNS.remove(run);
    }

    static void maybeTakeTime(String run) {
        if (RUNS.contains(run)) {
            LockSupport.parkNanos(NANOS_A_RECORD);
        }
    }
}
