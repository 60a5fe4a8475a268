package dev.tern.examples.sink;

import dev.tern.examples.measure.Arrival;
import dev.tern.examples.measure.Words;
import dev.tern.examples.verify.ResultLine;

/**
 * A result of a keyed operator, with what the arrival log and the checks want to know of it.
 *
 * @param key in text
 * @param sequence the how-manieth result of the key, from 1; 0 if they are not numbered
 * @param recordId the record that it stands for
 * @param value what was computed
 * @param scheduledMicros when it could have been known at the earliest
 * @param channel the ordered path of the record
 * @param subtask of the operator that made it
 */
public record Outcome(
        String key,
        long sequence,
        long recordId,
        String value,
        long scheduledMicros,
        int channel,
        int subtask)
        implements Result {

    @Override
    public Arrival arrival(long outputMicros) {
        return new Arrival(
                recordId,
                Words.hash(key),
                sequence,
                scheduledMicros,
                outputMicros,
                subtask,
                channel);
    }

    @Override
    public String text() {
        return new ResultLine(key, sequence, recordId, value).text();
    }
}
