package dev.tern.examples.measure;

import org.HdrHistogram.Histogram;

/**
 * Latency of the records scheduled in a span, in milliseconds; all 0 when there was none.
 *
 * @param records number of records scheduled in the span
 */
public record LatencyFigures(long records, double p50, double p99, double p999, double max) {

    static LatencyFigures of(Histogram micros) {
        if (micros.getTotalCount() == 0) {
            return new LatencyFigures(0, 0, 0, 0, 0);
        }
        return new LatencyFigures(
                micros.getTotalCount(),
                micros.getValueAtPercentile(50) / 1e3,
                micros.getValueAtPercentile(99) / 1e3,
                micros.getValueAtPercentile(99.9) / 1e3,
                micros.getMaxValue() / 1e3);
    }
}
