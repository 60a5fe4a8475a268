package dev.tern.experiments.report;

import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * Draws latency over time as SVG: a line for the 99th percentile of each interval, a band from the
 * median to the maximum, a logarithmic latency axis and a shade over every migration.
 */
public final class LatencySvg {

    private static final int WIDTH = 1080;
    private static final int HEIGHT = 520;
    private static final int LEFT = 84;
    private static final int RIGHT = 28;
    private static final int TOP = 104;
    private static final int BOTTOM = 62;
    private static final String INK = "#1f2933";
    private static final String FAINT = "#66727f";
    private static final String GRID = "#e4e8ec";
    private static final int MAX_TIME_TICKS = 14;
    private static final int LABEL_WIDTH = 110;
    private static final int LABEL_HEIGHT = 14;

    private final LatencyChart chart;
    /** Where the labels of the peaks are: x, and y of the baseline. */
    private final List<double[]> labels = new ArrayList<>();

    private final StringBuilder svg = new StringBuilder(64 * 1024);
    private final double firstMillis;
    private final double lastMillis;
    private final int lowestDecade;
    private final int highestDecade;

    private LatencySvg(LatencyChart chart) {
        List<LatencyBucket> all =
                chart.lines().stream().flatMap(line -> line.buckets().stream()).toList();
        if (all.isEmpty()) {
            throw new IllegalArgumentException(
                    "The chart '" + chart.title() + "' has no latencies to draw.");
        }
        this.chart = chart;
        this.firstMillis = all.stream().mapToLong(LatencyBucket::offsetMillis).min().orElseThrow();
        double last = all.stream().mapToLong(LatencyBucket::offsetMillis).max().orElseThrow();
        this.lastMillis = Math.max(last, firstMillis + 1);
        double low = all.stream().mapToDouble(LatencyBucket::p50Millis).min().orElseThrow();
        double high = all.stream().mapToDouble(LatencyBucket::maxMillis).max().orElseThrow();
        this.lowestDecade = (int) Math.floor(Math.log10(Math.max(low, 0.1)));
        this.highestDecade =
                Math.max(lowestDecade + 1, (int) Math.ceil(Math.log10(Math.max(high, 0.2)) + 0.05));
    }

    /** The chart as an SVG document. */
    public static String draw(LatencyChart chart) {
        return new LatencySvg(chart).document();
    }

    private String document() {
        append(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\""
                        + " height=\"%d\" font-family=\"Helvetica, Arial, DejaVu Sans,"
                        + " sans-serif\">\n",
                WIDTH, HEIGHT, WIDTH, HEIGHT);
        append("<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>\n", WIDTH, HEIGHT);
        text(LEFT, 34, 20, INK, "start", "bold", chart.title());
        text(LEFT, 56, 13, FAINT, "start", "normal", chart.subtitle());
        latencyAxis();
        timeAxis();
        windows();
        chart.lines().forEach(this::band);
        chart.lines().forEach(this::line);
        chart.lines().forEach(this::peaks);
        legend();
        append("</svg>\n");
        return svg.toString();
    }

    private void latencyAxis() {
        for (int decade = lowestDecade; decade <= highestDecade; decade++) {
            double value = Math.pow(10, decade);
            for (int step = 2; step < 10 && decade < highestDecade; step++) {
                gridLine(y(value * step), "#f3f5f7");
            }
            gridLine(y(value), GRID);
            text(LEFT - 10, y(value) + 4, 12, FAINT, "end", "normal", duration(value));
        }
        append(
                "<text transform=\"translate(22 %.1f) rotate(-90)\" font-size=\"13\" fill=\"%s\""
                        + " text-anchor=\"middle\">latency (log scale)</text>\n",
                (TOP + HEIGHT - BOTTOM) / 2.0, FAINT);
    }

    private void timeAxis() {
        double step = timeStepMillis(lastMillis - firstMillis);
        for (double at = Math.ceil(firstMillis / step) * step; at <= lastMillis; at += step) {
            append(
                    "<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" stroke=\"%s\"/>\n",
                    x(at), HEIGHT - BOTTOM, x(at), HEIGHT - BOTTOM + 5, FAINT);
            text(
                    x(at),
                    HEIGHT - BOTTOM + 20,
                    12,
                    FAINT,
                    "middle",
                    "normal",
                    String.format(Locale.ROOT, "%.0f s", at / 1000));
        }
        append(
                "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" stroke=\"%s\"/>\n",
                LEFT, HEIGHT - BOTTOM, WIDTH - RIGHT, HEIGHT - BOTTOM, FAINT);
        text(
                LEFT,
                HEIGHT - 16,
                13,
                FAINT,
                "start",
                "normal",
                "time at which a record was due");
    }

    private void windows() {
        for (LatencyChart.Window window : chart.windows()) {
            double from = x(window.startMillis());
            double width = Math.max(1.5, x(window.endMillis()) - from);
            append(
                    "<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\""
                            + " fill-opacity=\"0.16\"/>\n",
                    from, TOP, width, HEIGHT - BOTTOM - TOP, window.color());
            append(
                    "<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" stroke=\"%s\""
                            + " stroke-dasharray=\"3 3\"/>\n",
                    from, TOP, from, HEIGHT - BOTTOM, window.color());
            text(from + 4, TOP - 6, 12, window.color(), "start", "bold", window.label());
        }
    }

    private void band(LatencyChart.Line line) {
        List<String> upper = points(line, LatencyBucket::maxMillis);
        List<String> lower = new ArrayList<>(points(line, LatencyBucket::p50Millis));
        Collections.reverse(lower);
        upper = new ArrayList<>(upper);
        upper.addAll(lower);
        append(
                "<polygon points=\"%s\" fill=\"%s\" fill-opacity=\"0.22\"/>\n",
                String.join(" ", upper), line.color());
    }

    private void line(LatencyChart.Line line) {
        append(
                "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"1.6\""
                        + " stroke-linejoin=\"round\"/>\n",
                String.join(" ", points(line, LatencyBucket::p99Millis)), line.color());
    }

    /** Marks the worst latency of a line during and shortly after each of its migrations. */
    private void peaks(LatencyChart.Line line) {
        for (LatencyChart.Window window : chart.windows()) {
            if (window.line().equals(line.name())) {
                line.buckets().stream()
                        .filter(bucket -> bucket.offsetMillis() >= window.startMillis() - 100)
                        .filter(bucket -> bucket.offsetMillis() <= window.endMillis() + 1000)
                        .max(Comparator.comparingDouble(LatencyBucket::maxMillis))
                        .ifPresent(worst -> peak(worst, line.color()));
            }
        }
    }

    private void peak(LatencyBucket worst, String color) {
        double at = x(worst.offsetMillis());
        double height = y(worst.maxMillis());
        append(
                "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3.5\" fill=\"#ffffff\" stroke=\"%s\""
                        + " stroke-width=\"2\"/>\n",
                at, height, color);
        boolean left = at > WIDTH - RIGHT - LABEL_WIDTH;
        double baseline = height - 6;
        while (isTaken(at, baseline)) {
            baseline -= LABEL_HEIGHT;
        }
        labels.add(new double[] {at, baseline});
        text(
                left ? at - 8 : at + 8,
                baseline,
                12,
                color,
                left ? "end" : "start",
                "bold",
                "peak " + duration(worst.maxMillis()));
    }

    /** Whether a label written there would lie on an earlier one. */
    private boolean isTaken(double at, double baseline) {
        return labels.stream()
                .anyMatch(
                        label ->
                                Math.abs(label[0] - at) < LABEL_WIDTH
                                        && Math.abs(label[1] - baseline) < LABEL_HEIGHT);
    }

    private void legend() {
        double at = LEFT;
        for (LatencyChart.Line line : chart.lines()) {
            append(
                    "<line x1=\"%.1f\" y1=\"76\" x2=\"%.1f\" y2=\"76\" stroke=\"%s\""
                            + " stroke-width=\"3\"/>\n",
                    at, at + 22, line.color());
            text(at + 28, 80, 13, INK, "start", "normal", line.name());
            at += 48 + 7.2 * line.name().length();
        }
        text(
                WIDTH - RIGHT,
                HEIGHT - 16,
                12,
                FAINT,
                "end",
                "normal",
                "line: p99 per interval, band: median to maximum, shade: migration");
    }

    private List<String> points(LatencyChart.Line line, ToDoubleFunction<LatencyBucket> figure) {
        return line.buckets().stream()
                .map(
                        bucket ->
                                String.format(
                                        Locale.ROOT,
                                        "%.1f,%.1f",
                                        x(bucket.offsetMillis()),
                                        y(figure.applyAsDouble(bucket))))
                .toList();
    }

    private void gridLine(double height, String color) {
        append(
                "<line x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\" stroke=\"%s\"/>\n",
                LEFT, height, WIDTH - RIGHT, height, color);
    }

    private void text(
            double x,
            double y,
            int size,
            String color,
            String anchor,
            String weight,
            String content) {
        append(
                "<text x=\"%.1f\" y=\"%.1f\" font-size=\"%d\" fill=\"%s\" text-anchor=\"%s\""
                        + " font-weight=\"%s\">%s</text>\n",
                x, y, size, color, anchor, weight, escape(content));
    }

    private void append(String format, Object... arguments) {
        svg.append(String.format(Locale.ROOT, format, arguments));
    }

    private double x(double millis) {
        return LEFT + (millis - firstMillis) / (lastMillis - firstMillis) * (WIDTH - RIGHT - LEFT);
    }

    private double y(double latencyMillis) {
        double lowest = Math.pow(10, lowestDecade);
        double decades = Math.log10(Math.max(latencyMillis, lowest)) - lowestDecade;
        double share = decades / (highestDecade - lowestDecade);
        return HEIGHT - BOTTOM - share * (HEIGHT - BOTTOM - TOP);
    }

    private static double timeStepMillis(double span) {
        for (double step : new double[] {1_000, 2_000, 5_000, 10_000, 20_000, 30_000, 60_000}) {
            if (span / step <= MAX_TIME_TICKS) {
                return step;
            }
        }
        return 300_000;
    }

    /** A latency for people: milliseconds or seconds, three digits at most. */
    static String duration(double millis) {
        boolean seconds = millis >= 1000;
        double value = seconds ? millis / 1000 : millis;
        String digits = value >= 100 || !seconds && value >= 1 ? "0" : value >= 10 ? "0.#" : "0.##";
        return new DecimalFormat(digits, DecimalFormatSymbols.getInstance(Locale.ROOT))
                        .format(value)
                + (seconds ? " s" : " ms");
    }

    private static String escape(String content) {
        return content.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
