package dev.tern.examples.measure;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What became of the records of a run.
 *
 * @param records records with at least one output
 * @param lost records below the expected number without any output; -1 if no number was expected
 * @param duplicated outputs beyond the first of each record
 * @param outOfOrder records that the keyed state saw after a later record of the same key and
 *     channel
 * @param wrongCounts places where the per-key counts of the final history are not 1, 2, 3, ...
 */
public record Delivery(
        long records, long lost, long duplicated, long outOfOrder, long wrongCounts) {

    /** Whether every record had its effect once, in order, and was output once. */
    public boolean isExact() {
        return lost <= 0 && duplicated == 0 && outOfOrder == 0 && wrongCounts == 0;
    }

    /** The figures by name, in the order of summary.json. */
    public Map<String, Number> fields() {
        Map<String, Number> fields = new LinkedHashMap<>();
        fields.put("records", records);
        fields.put("lost", lost);
        fields.put("duplicated", duplicated);
        fields.put("outOfOrder", outOfOrder);
        fields.put("wrongCounts", wrongCounts);
        return fields;
    }

    /**
     * Judges a log.
     *
     * <p>Processing order is read from the per-key counts, which the keyed state hands out, and not
     * from the order of arrival: between several subtasks and a sink the network decides that.
     *
     * @param log the arrivals
     * @param expected number of records that must have been output; records with ids from there on
     *     are in flight when a job is cancelled, so holes among them prove nothing; -1 to not judge
     *     losses
     */
    static Delivery of(ArrivalLog log, Outputs outputs, long expected) {
        long lost = expected < 0 ? -1 : expected - outputs.recordsBelow(expected);
        int[] last = outputs.lastIndexes();
        int[] order =
                IndexSort.sorted(
                        last.length,
                        (left, right) -> {
                            int byKey =
                                    Long.compare(log.keyHash(last[left]), log.keyHash(last[right]));
                            return byKey != 0
                                    ? byKey
                                    : Long.compare(
                                            log.perKeyCount(last[left]),
                                            log.perKeyCount(last[right]));
                        });
        long horizon = expected < 0 ? Long.MAX_VALUE : expected;
        long wrongCounts = 0;
        long previousKey = 0;
        long previousCount = 0;
        for (int i = 0; i < order.length; i++) {
            int entry = last[order[i]];
            if (i == 0 || log.keyHash(entry) != previousKey) {
                previousCount = 0;
            }
            if (log.perKeyCount(entry) != previousCount + 1 && log.recordId(entry) < horizon) {
                wrongCounts++;
            }
            previousKey = log.keyHash(entry);
            previousCount = log.perKeyCount(entry);
        }
        return new Delivery(
                last.length,
                lost,
                log.size() - last.length,
                outOfOrder(log, last, order),
                wrongCounts);
    }

    private static long outOfOrder(ArrivalLog log, int[] last, int[] byKeyAndCount) {
        // Stable, so that within a channel the entries stay in the order of their counts.
        int[] order =
                IndexSort.sorted(
                        byKeyAndCount.length,
                        (left, right) -> {
                            int leftEntry = last[byKeyAndCount[left]];
                            int rightEntry = last[byKeyAndCount[right]];
                            int byKey =
                                    Long.compare(log.keyHash(leftEntry), log.keyHash(rightEntry));
                            return byKey != 0
                                    ? byKey
                                    : Integer.compare(
                                            log.channel(leftEntry), log.channel(rightEntry));
                        });
        long outOfOrder = 0;
        for (int i = 1; i < order.length; i++) {
            int before = last[byKeyAndCount[order[i - 1]]];
            int after = last[byKeyAndCount[order[i]]];
            if (log.keyHash(before) == log.keyHash(after)
                    && log.channel(before) == log.channel(after)
                    && log.recordId(before) > log.recordId(after)) {
                outOfOrder++;
            }
        }
        return outOfOrder;
    }
}
