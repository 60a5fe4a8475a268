package dev.tern.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What a job under test put out, checked against what it must put out: for each key the counts 1 to
 * n, each once.
 *
 * <p>Shared by all tasks of one run in this JVM; any thread.
 */
final class Observations {

    private static final Map<String, Observations> RUNS = new ConcurrentHashMap<>();

    private final Map<Long, BitSet> countsByKey = new ConcurrentHashMap<>();
    private final Map<Integer, Set<Integer>> subtasksByKeyGroup = new ConcurrentHashMap<>();
    private final Map<String, Set<String>> timers = new ConcurrentHashMap<>();
    private final Map<String, Long> results = new ConcurrentHashMap<>();
    private final AtomicLong duplicates = new AtomicLong();
    private final AtomicLong records = new AtomicLong();
    private final AtomicLong sum = new AtomicLong();
    private final Map<Integer, Integer> siblings = new ConcurrentHashMap<>();
    private final List<String> notes = new ArrayList<>();

    static Observations of(String run) {
        return RUNS.computeIfAbsent(run, ignored -> new Observations());
    }

    /** The run is over, and nobody looks at it again. */
    static void forget(String run) {
        RUNS.remove(run);
    }

    /** The counter has counted a key up to this. */
    void counted(long key, int count) {
        BitSet counts = countsByKey.computeIfAbsent(key, ignored -> new BitSet());
        synchronized (counts) {
            if (counts.get(count)) {
                duplicates.incrementAndGet();
            }
            counts.set(count);
        }
        records.incrementAndGet();
    }

    void servedBy(int keyGroup, int subtask) {
        subtasksByKeyGroup
                .computeIfAbsent(keyGroup, ignored -> ConcurrentHashMap.newKeySet())
                .add(subtask);
    }

    synchronized void note(String text) {
        notes.add(text);
    }

    synchronized List<String> notes() {
        return List.copyOf(notes);
    }

    void record() {
        records.incrementAndGet();
    }

    /** So many records are in a result. */
    void add(long count) {
        sum.addAndGet(count);
    }

    /** How many records are in all results. */
    long counted() {
        return sum.get();
    }

    /** A subtask is told how many there are of its kind. */
    void siblings(int subtask, int count) {
        siblings.put(subtask, count);
    }

    /** How many there are, as told to the subtasks that have noted it since the last call. */
    Map<Integer, Integer> takeSiblings() {
        Map<Integer, Integer> taken = new TreeMap<>(siblings);
        siblings.clear();
        return taken;
    }

    /** A timer has fired. */
    void fired(String domain, long key, long timestamp) {
        if (!timers.computeIfAbsent(domain, ignored -> ConcurrentHashMap.newKeySet())
                .add(key + "@" + timestamp)) {
            duplicates.incrementAndGet();
        }
    }

    /** How many different timers have fired. */
    long fired(String domain) {
        return timers.getOrDefault(domain, Set.of()).size();
    }

    /** A result that must come once. */
    void result(String name, long value) {
        if (results.put(name, value) != null) {
            duplicates.incrementAndGet();
        }
    }

    Map<String, Long> results() {
        return new TreeMap<>(results);
    }

    /** Every result has come once; says what is missing or too many, not everything. */
    void assertResults(Map<String, Long> expected) {
        Map<String, Long> missing = new TreeMap<>(expected);
        missing.entrySet().removeAll(results.entrySet());
        Map<String, Long> tooMany = results();
        tooMany.entrySet().removeAll(expected.entrySet());
        assertThat(missing).as("missing").isEmpty();
        assertThat(tooMany).as("not expected").isEmpty();
        assertThat(duplicates()).as("results that came twice").isZero();
    }

    long records() {
        return records.get();
    }

    long duplicates() {
        return duplicates.get();
    }

    /** Distinct (key, count) pairs. */
    long distinct() {
        return countsByKey.values().stream().mapToLong(BitSet::cardinality).sum();
    }

    /** Keys of which a count below the highest is missing. */
    long keysWithHoles() {
        return countsByKey.values().stream()
                .filter(counts -> counts.cardinality() != counts.length() - 1)
                .count();
    }

    void forgetServers() {
        subtasksByKeyGroup.clear();
    }

    /** Which subtasks have served records lately. */
    Set<Integer> servers() {
        Set<Integer> servers = ConcurrentHashMap.newKeySet();
        subtasksByKeyGroup.values().forEach(servers::addAll);
        return servers;
    }
}
