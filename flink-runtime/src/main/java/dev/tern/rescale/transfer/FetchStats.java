package dev.tern.rescale.transfer;

/**
 * What a completed fetch moved.
 *
 * @param bytes sum over the units of the bytes that were written, without framing
 * @param durationNanos nanoseconds from the request to the end of the last unit's {@link
 *     UnitSink#receive}
 * @param units number of units
 */
public record FetchStats(long bytes, long durationNanos, int units) {}
