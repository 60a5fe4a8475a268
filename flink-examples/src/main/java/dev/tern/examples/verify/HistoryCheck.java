package dev.tern.examples.verify;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongUnaryOperator;
import java.util.function.Supplier;

/**
 * Replays, for each key, the order in which the job claims to have processed its records.
 *
 * <p>The order of records of different channels is up to the job. So the check is one of
 * linearizability: the results of a key must be numbered without holes, stand for exactly the
 * records the key has, keep the order within each channel, and each value must be what a fresh
 * computation gives after the records before it.
 */
public final class HistoryCheck {

    /** The computation of one key: takes its records one after the other. */
    public interface Replay {

        /** The value that belongs to the next record. */
        String next(long recordId);
    }

    private final Map<String, List<Long>> expected;
    private final Supplier<Replay> replays;
    private final LongUnaryOperator channel;
    private final Verification.Builder findings = new Verification.Builder();

    private HistoryCheck(
            Map<String, List<Long>> expected,
            Supplier<Replay> replays,
            LongUnaryOperator channel) {
        this.expected = expected;
        this.replays = replays;
        this.channel = channel;
    }

    /**
     * Compares results with what they must be.
     *
     * @param expected the records of each key
     * @param replays makes the computation of a key
     * @param channel the ordered path that a record takes
     */
    public static Verification of(
            List<ResultLine> results,
            Map<String, List<Long>> expected,
            Supplier<Replay> replays,
            LongUnaryOperator channel) {
        HistoryCheck check = new HistoryCheck(expected, replays, channel);
        Map<String, List<ResultLine>> histories = new TreeMap<>();
        for (ResultLine result : results) {
            histories.computeIfAbsent(result.key(), ignored -> new ArrayList<>()).add(result);
        }
        histories.forEach(check::history);
        for (String key : expected.keySet()) {
            if (!histories.containsKey(key)) {
                check.findings.add("Key " + key + " has no results.");
            }
        }
        return check.findings.of(results.size());
    }

    private void history(String key, List<ResultLine> history) {
        history.sort(Comparator.comparingLong(ResultLine::sequence));
        if (sameRecords(key, history)) {
            Replay replay = replays.get();
            Map<Long, Long> lastOfChannel = new HashMap<>();
            for (int i = 0; i < history.size(); i++) {
                ResultLine result = history.get(i);
                if (result.sequence() != i + 1) {
                    findings.add(
                            "Key " + key + " lacks result " + (i + 1) + " or has one twice.");
                    return;
                }
                inOrder(result, lastOfChannel);
                value(result, replay.next(result.recordId()));
            }
        }
    }

    private boolean sameRecords(String key, List<ResultLine> history) {
        List<Long> expectedIds = new ArrayList<>(expected.getOrDefault(key, List.of()));
        List<Long> ids = new ArrayList<>(history.stream().map(ResultLine::recordId).toList());
        expectedIds.sort(null);
        ids.sort(null);
        if (ids.equals(expectedIds)) {
            return true;
        }
        List<Long> missing = new ArrayList<>(expectedIds);
        ids.forEach(missing::remove);
        findings.add(
                "Key "
                        + key
                        + " must have results for "
                        + expectedIds.size()
                        + " records, has "
                        + ids.size()
                        + (missing.isEmpty() ? "." : " and none for record " + missing.get(0) + "."));
        return false;
    }

    private void inOrder(ResultLine result, Map<Long, Long> lastOfChannel) {
        Long before =
                lastOfChannel.put(
                        channel.applyAsLong(result.recordId()), result.recordId());
        if (before != null && before > result.recordId()) {
            findings.add(
                    "Key "
                            + result.key()
                            + " has record "
                            + before
                            + " before "
                            + result.recordId()
                            + " of the same channel.");
        }
    }

    private void value(ResultLine result, String expectedValue) {
        if (!result.value().equals(expectedValue)) {
            findings.add(
                    "Key "
                            + result.key()
                            + ", result "
                            + result.sequence()
                            + " must be '"
                            + expectedValue
                            + "', is '"
                            + result.value()
                            + "'.");
        }
    }
}
