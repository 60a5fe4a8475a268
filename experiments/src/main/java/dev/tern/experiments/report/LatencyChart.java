package dev.tern.experiments.report;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * What a latency chart shows.
 *
 * @param title first line
 * @param subtitle second line, smaller
 * @param lines one per engine
 * @param windows migrations, shaded
 */
public record LatencyChart(
        String title, String subtitle, List<Line> lines, List<Window> windows) {

    public LatencyChart {
        requireNonNull(title, "title");
        requireNonNull(subtitle, "subtitle");
        lines = List.copyOf(lines);
        windows = List.copyOf(windows);
    }

    /**
     * The latency of one engine over time.
     *
     * @param name in the legend
     * @param color as CSS writes it
     * @param buckets in order of time
     */
    public record Line(String name, String color, List<LatencyBucket> buckets) {

        public Line {
            buckets = List.copyOf(buckets);
        }
    }

    /**
     * The time of one migration.
     *
     * @param line name of the line it belongs to; its peak there is marked
     * @param label what is written above it
     * @param color as CSS writes it
     * @param startMillis on the time axis of the buckets
     * @param endMillis on the time axis of the buckets
     */
    public record Window(
            String line, String label, String color, double startMillis, double endMillis) {}
}
