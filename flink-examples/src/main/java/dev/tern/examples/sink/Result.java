package dev.tern.examples.sink;

import dev.tern.examples.measure.Arrival;

/** A result that a sink can enter into the arrival log. */
public interface Result {

    /** The entry for this result, seen by the sink at a time. */
    Arrival arrival(long outputMicros);

    /** The result as a line for people and files. */
    String text();
}
