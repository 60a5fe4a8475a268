package dev.tern.examples.measure;

import java.util.ArrayList;
import java.util.List;

/** Writes logs by hand: one record per call, with times in milliseconds. */
final class Arrivals {

    private final List<Arrival> arrivals = new ArrayList<>();

    /** A record of key 0 with its count, due and output at the given times. */
    Arrivals add(long recordId, long dueMillis, long outputMillis) {
        return add(recordId, 0, recordId + 1, dueMillis, outputMillis, 0, 0);
    }

    Arrivals add(
            long recordId,
            long key,
            long count,
            long dueMillis,
            long outputMillis,
            int subtask,
            int channel) {
        arrivals.add(
                new Arrival(
                        recordId,
                        key,
                        count,
                        dueMillis * 1000,
                        outputMillis * 1000,
                        subtask,
                        channel));
        return this;
    }

    ArrivalLog log() {
        return ArrivalLog.of(arrivals);
    }

    static Span millis(long from, long to) {
        return new Span(from * 1000, to * 1000);
    }
}
