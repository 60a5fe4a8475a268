package dev.tern.examples.nexmark;

import dev.tern.examples.measure.KeySequence;

/**
 * What may turn out to be the best of a window.
 *
 * @param windowEnd event time in ms, exclusive
 * @param measure the highest wins
 * @param id what it stands for, unique within the window
 * @param value as the result shows it
 * @param dueMicros when the window was due to end
 */
public record Candidate(
        long windowEnd, long measure, long id, String value, long dueMicros, int channel) {

    /** Stands for a result of a window in place of a record id. Not negative. */
    static long identity(long windowEnd, long id) {
        return KeySequence.mix(windowEnd ^ KeySequence.mix(id)) & Long.MAX_VALUE;
    }
}
