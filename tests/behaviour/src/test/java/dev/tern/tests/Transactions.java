package dev.tern.tests;

import org.apache.flink.api.java.tuple.Tuple2;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * An outside system with transactions, one for each run: counts become visible, in the {@link
 * Observations} of the run with suffix {@link #VISIBLE}, when they are committed. Any thread.
 */
final class Transactions {

    static final String VISIBLE = "/visible";

    private record Open(int subtask, List<Tuple2<Long, Integer>> counts) {}

    private static final Map<String, Transactions> RUNS = new ConcurrentHashMap<>();

    private final String run;
    private final Map<String, Open> open = new ConcurrentHashMap<>();
    private final Set<String> committed = ConcurrentHashMap.newKeySet();
    private final Set<String> announced = ConcurrentHashMap.newKeySet();

    private Transactions(String run) {
        this.run = run;
    }

    static Transactions of(String run) {
        return RUNS.computeIfAbsent(run, Transactions::new);
    }

    void write(String id, int subtask, Tuple2<Long, Integer> count) {
        open.computeIfAbsent(id, ignored -> new Open(subtask, new ArrayList<>()))
                .counts()
                .add(Tuple2.of(count.f0, count.f1));
    }

    /** Committing again changes nothing, as after a recovery. */
    void commit(String id) {
        if (committed.add(id)) {
            open.remove(id)
                    .counts()
                    .forEach(count -> Observations.of(run + VISIBLE).counted(count.f0, count.f1));
        }
    }

    void abort(String id) {
        open.remove(id);
    }

    /** Somebody behind the committer has been told. */
    void announce(String id) {
        announced.add(id);
    }

    /** How many transactions of subtasks from an index on are neither committed nor aborted. */
    long openOfSubtasksFrom(int subtask) {
        return open.values().stream().filter(each -> each.subtask() >= subtask).count();
    }

    Set<String> committed() {
        return Set.copyOf(committed);
    }

    Set<String> announced() {
        return Set.copyOf(announced);
    }
}
