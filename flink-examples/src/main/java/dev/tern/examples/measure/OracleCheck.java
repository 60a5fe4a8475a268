package dev.tern.examples.measure;

import java.util.HashMap;
import java.util.Map;
import java.util.function.LongUnaryOperator;

/**
 * A log compared with an independent computation of what it must contain.
 *
 * @param records number of records compared
 * @param keys number of distinct keys among them
 * @param wrongKeys records that the job missed or gave another key
 * @param wrongCounts keys whose final count is not the number of records they have
 */
public record OracleCheck(long records, long keys, long wrongKeys, long wrongCounts) {

    /** Whether the job agrees with the oracle. */
    public boolean agrees() {
        return wrongKeys == 0 && wrongCounts == 0;
    }

    /**
     * Compares the records 0 to {@code expected - 1}.
     *
     * <p>The final count of a key is the highest among its records below {@code expected}. In a run
     * that was cut off there, that is exact with one ordered channel; with several, records from
     * beyond the cut may have been counted in between.
     *
     * @param keyHash the key of each record, as the arrival log names it
     */
    public static OracleCheck of(ArrivalLog log, LongUnaryOperator keyHash, long expected) {
        Outputs outputs = Outputs.of(log);
        long[] ids = outputs.recordIds();
        int[] last = outputs.lastIndexes();
        Map<Long, Long> counts = new HashMap<>();
        for (long record = 0; record < expected; record++) {
            counts.merge(keyHash.applyAsLong(record), 1L, Long::sum);
        }
        Map<Long, Long> reported = new HashMap<>();
        long matched = 0;
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] < 0 || ids[i] >= expected) {
                continue;
            }
            long key = log.keyHash(last[i]);
            if (key == keyHash.applyAsLong(ids[i])) {
                matched++;
            }
            reported.merge(key, log.perKeyCount(last[i]), Math::max);
        }
        long wrongCounts =
                counts.entrySet().stream()
                        .filter(entry -> !entry.getValue().equals(reported.get(entry.getKey())))
                        .count();
        return new OracleCheck(expected, counts.size(), expected - matched, wrongCounts);
    }
}
