package dev.tern.experiments.report;

/**
 * The latencies of the records that were scheduled in one interval.
 *
 * @param offsetMillis start of the interval, relative to the trigger
 * @param p50Millis median latency
 * @param p99Millis 99th percentile
 * @param maxMillis largest latency
 * @param records how many records
 */
public record LatencyBucket(
        long offsetMillis, double p50Millis, double p99Millis, double maxMillis, long records) {}
