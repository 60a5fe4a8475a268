package dev.tern.tests;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Lets one subtask of a run fail once. Any thread. */
final class Failures {

    private static final Map<String, Integer> ARMED = new ConcurrentHashMap<>();

    private Failures() {}

    static void arm(String run, int subtask) {
        ARMED.put(run, subtask);
    }

    static boolean isArmed(String run) {
        return ARMED.containsKey(run);
    }

    /** Forgets a failure; returns whether it had not happened. */
    static boolean disarm(String run) {
        return ARMED.remove(run) != null;
    }

    static void maybeFail(String run, int subtask) {
        if (ARMED.remove(run, subtask)) {
            throw new IllegalStateException("injected failure in subtask " + subtask);
        }
    }
}
