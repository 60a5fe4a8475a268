package dev.tern.examples.source;

import org.apache.flink.api.connector.source.SourceSplit;

import dev.tern.examples.measure.Schedule;

/**
 * Every n-th position of the content, from the next one to emit. Splits interleave by position, so
 * each of them spans the whole timeline of the schedule, which it carries: a restored source goes
 * on by the schedule it started with.
 *
 * @param index which of the interleaved sequences, from 0
 * @param splits how many there are
 * @param nextPosition the next position to emit; equal to index modulo splits
 * @param schedule when records are due
 */
public record OpenLoopSplit(int index, int splits, long nextPosition, Schedule schedule)
        implements SourceSplit {

    public OpenLoopSplit {
        if (nextPosition % splits != index) {
            throw new IllegalArgumentException(
                    "Position "
                            + nextPosition
                            + " is not in sequence "
                            + index
                            + " of "
                            + splits
                            + ".");
        }
    }

    /** The split after its next position was emitted. */
    OpenLoopSplit advanced() {
        return new OpenLoopSplit(index, splits, nextPosition + splits, schedule);
    }

    @Override
    public String splitId() {
        return index + "/" + splits;
    }
}
