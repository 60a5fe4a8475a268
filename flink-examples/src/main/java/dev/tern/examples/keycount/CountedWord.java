package dev.tern.examples.keycount;

import dev.tern.examples.measure.Arrival;
import dev.tern.examples.measure.Words;
import dev.tern.examples.sink.Result;

/**
 * A word and how often it has been seen, this time included.
 *
 * @param subtask subtask of the counter that counted it
 */
public record CountedWord(
        long recordId, long scheduledMicros, int channel, String word, long count, int subtask)
        implements Result {

    @Override
    public Arrival arrival(long outputMicros) {
        return new Arrival(
                recordId, Words.hash(word), count, scheduledMicros, outputMicros, subtask, channel);
    }

    @Override
    public String text() {
        return word + '\t' + count;
    }
}
