package dev.tern.examples.measure;

/**
 * One point of the time series of a run.
 *
 * @param startMicros start of the interval, epoch microseconds
 * @param latency latency of the records scheduled in it
 * @param outputs records first output in it
 * @param backlog records scheduled but not yet output at its end
 */
public record IntervalFigures(
        long startMicros, LatencyFigures latency, long outputs, long backlog) {}
