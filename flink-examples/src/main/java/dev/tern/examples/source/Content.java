package dev.tern.examples.source;

import java.io.IOException;
import java.io.Serializable;

/**
 * What an open-loop source emits: one element per position, a pure function of the position.
 *
 * <p>An element carries one or more records (a line carries words). Records are numbered without
 * holes over all positions, and the schedule is one of records.
 *
 * @param <T> type of the elements
 */
public interface Content<T> extends Serializable {

    /** Loads what the content needs; called once, in the thread that reads it. */
    void open() throws IOException;

    /** Whether there is an end; known before it is opened. */
    boolean isBounded();

    /** The number of positions; {@link Long#MAX_VALUE} if there is no end. */
    long positions();

    /** Number of the first record of a position; does not decrease. */
    long firstRecord(long position);

    /**
     * The element of a position.
     *
     * @param scheduledMicros when it was due, epoch microseconds
     * @param channel the ordered path it takes, see the arrival log
     */
    T at(long position, long scheduledMicros, int channel);
}
