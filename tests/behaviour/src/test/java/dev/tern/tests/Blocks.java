package dev.tern.tests;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Holds one subtask of a run inside user code, where it runs no mail. A run may have several places
 * to hold at, each with a suffix of its own. Any thread.
 */
final class Blocks {

    private record Block(int subtask, CountDownLatch entered, CountDownLatch released) {}

    private static final Map<String, Block> ARMED = new ConcurrentHashMap<>();

    private Blocks() {}

    /** The subtask will be held when it comes by. */
    static void arm(String run, int subtask) {
        ARMED.put(run, new Block(subtask, new CountDownLatch(1), new CountDownLatch(1)));
    }

    static void awaitHeld(String run) throws InterruptedException {
        if (!ARMED.get(run).entered().await(30, TimeUnit.SECONDS)) {
            throw new AssertionError("Nobody came by " + run);
        }
    }

    /** Holds the subtask; returns when it is held. */
    static void hold(String run, int subtask) throws InterruptedException {
        arm(run, subtask);
        awaitHeld(run);
    }

    /** Lets it go on. */
    static void release(String run) {
        ARMED.remove(run).released().countDown();
    }

    static void maybeBlock(String run, int subtask) throws InterruptedException {
        Block block = ARMED.get(run);
        if (block != null && block.subtask() == subtask) {
            block.entered().countDown();
            block.released().await();
        }
    }
}
