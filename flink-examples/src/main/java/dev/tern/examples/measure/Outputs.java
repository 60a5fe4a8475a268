package dev.tern.examples.measure;

import java.util.Arrays;

/** The first and the last output of every record of a log, as indexes into the log. */
final class Outputs {

    private final long[] recordIds;
    private final int[] first;
    private final int[] last;

    private Outputs(long[] recordIds, int[] first, int[] last) {
        this.recordIds = recordIds;
        this.first = first;
        this.last = last;
    }

    static Outputs of(ArrivalLog log) {
        int[] order =
                IndexSort.sorted(
                        log.size(),
                        (left, right) -> {
                            int byRecord = Long.compare(log.recordId(left), log.recordId(right));
                            return byRecord != 0
                                    ? byRecord
                                    : Long.compare(log.outputMicros(left), log.outputMicros(right));
                        });
        long[] recordIds = new long[order.length];
        int[] first = new int[order.length];
        int[] last = new int[order.length];
        int records = 0;
        for (int entry : order) {
            long id = log.recordId(entry);
            if (records == 0 || recordIds[records - 1] != id) {
                recordIds[records] = id;
                first[records] = entry;
                records++;
            }
            last[records - 1] = entry;
        }
        return new Outputs(
                Arrays.copyOf(recordIds, records),
                Arrays.copyOf(first, records),
                Arrays.copyOf(last, records));
    }

    /** Index of the first output of each record, by ascending record id. */
    int[] firstIndexes() {
        return first;
    }

    /** Index of the last output of each record, by ascending record id. */
    int[] lastIndexes() {
        return last;
    }

    /** Ids of the records that were output, ascending. */
    long[] recordIds() {
        return recordIds;
    }

    /** The number of records output whose id is in [0, limit). */
    long recordsBelow(long limit) {
        return insertionPoint(limit) - insertionPoint(0);
    }

    private int insertionPoint(long id) {
        int found = Arrays.binarySearch(recordIds, id);
        return found >= 0 ? found : -found - 1;
    }
}
