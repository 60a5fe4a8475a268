package dev.tern.experiments.quickstart;

import dev.tern.examples.measure.LatencyFigures;
import dev.tern.experiments.options.Sizes;
import dev.tern.experiments.report.LatencyBucket;
import dev.tern.experiments.report.LatencyChart;
import dev.tern.experiments.report.LatencySvg;
import dev.tern.experiments.report.RunResult;
import dev.tern.experiments.report.SummaryJson;
import dev.tern.experiments.rest.ProvenMode;
import dev.tern.experiments.rest.RescaleView;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ArrayNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What the quickstart has found out, and whether that is a success.
 *
 * @param words words of the text, from the independent count
 * @param rate words per second of the replay
 * @param rows the rescales in order
 * @param counts comparison of the results with the independent count
 * @param delivery what the arrival log says about every single word
 * @param sourceRecords words that the source vertex has written, from stock REST
 * @param series latency over the whole run; time counts from the first record
 * @param zeroMillis the first record, in milliseconds of the epoch
 */
record QuickstartReport(
        long words,
        long rate,
        List<RescaleRow> rows,
        CountCheck counts,
        RunResult.Oracle delivery,
        long sourceRecords,
        List<LatencyBucket> series,
        long zeroMillis) {

    private static final String LINE_COLOR = "#0b7285";
    private static final String WINDOW_COLOR = "#e8590c";

    private static final String LINE = "Tern";

    QuickstartReport {
        rows = List.copyOf(rows);
        series = List.copyOf(series);
    }

    /** Everything that speaks against success, for people; empty for success. */
    List<String> complaints() {
        List<String> complaints = new ArrayList<>();
        if (!counts.isExact()) {
            complaints.add(
                    counts.wrongWords() + " words are miscounted, such as " + counts.example());
        }
        if (!delivery.isExact()) {
            complaints.add(
                    String.format(
                            "words lost %d, processed twice %d, out of order %d, miscounted %d",
                            delivery.lost(),
                            delivery.duplicated(),
                            delivery.outOfOrder(),
                            delivery.wrongCounts()));
        }
        if (sourceRecords != words) {
            complaints.add(
                    "the source has written "
                            + sourceRecords
                            + " words, the text has "
                            + words
                            + ": input was read again, or not at all");
        }
        for (RescaleRow row : rows) {
            if (row.proof().mode() != ProvenMode.LIVE) {
                complaints.add(name(row) + " was no live rescale: " + row.proof().evidence());
            }
        }
        return complaints;
    }

    /** The table for the terminal. */
    String table() {
        StringBuilder text = new StringBuilder();
        line(text, "rescale", "mode", "groups", "moved", "took", "p99 ms", "peak ms", "gap");
        line(text, "", "", "", "", "", "before/during/after", "before/during/after", "");
        for (RescaleRow row : rows) {
            RescaleView view = row.view();
            line(
                    text,
                    name(row),
                    row.proof().mode() == ProvenMode.LIVE ? "LIVE, proven" : "not live",
                    String.valueOf(view.keyGroupsMoved()),
                    Sizes.format(view.bytesMoved()),
                    view.durationMillis() + " ms",
                    three(row.before().p99(), row.during().p99(), row.after().p99()),
                    three(row.before().max(), row.during().max(), row.after().max()),
                    String.format(Locale.ROOT, "%.0f ms", row.gapMillis()));
        }
        text.append('\n');
        text.append(
                String.format(
                        Locale.ROOT,
                        "counts: %,d words, %,d different, %d wrong; lost %d, twice %d,"
                                + " out of order %d%n",
                        counts.lines(),
                        counts.words(),
                        counts.wrongWords(),
                        delivery.lost(),
                        delivery.duplicated(),
                        delivery.outOfOrder()));
        return text.toString();
    }

    /** {@code summary.json}. */
    String json() {
        ObjectNode document = new ObjectMapper().createObjectNode();
        document.put("workload", "keycount");
        document.put("words", words);
        document.put("rate", rate);
        document.put("success", complaints().isEmpty());
        ArrayNode complaints = document.putArray("complaints");
        complaints().forEach(complaints::add);
        ObjectNode check = document.putObject("counts");
        check.put("lines", counts.lines());
        check.put("distinctWords", counts.words());
        check.put("wrongWords", counts.wrongWords());
        check.put("sourceRecords", sourceRecords);
        check.put("lost", delivery.lost());
        check.put("duplicated", delivery.duplicated());
        check.put("outOfOrder", delivery.outOfOrder());
        check.put("wrongCounts", delivery.wrongCounts());
        ArrayNode rescales = document.putArray("rescales");
        rows.forEach(row -> rescale(rescales.addObject(), row));
        return SummaryJson.pretty(document);
    }

    /** {@code latency.svg}. */
    String svg() {
        List<LatencyChart.Window> windows = new ArrayList<>();
        for (RescaleRow row : rows) {
            double start = row.view().startMillis() - zeroMillis;
            windows.add(
                    new LatencyChart.Window(
                            LINE,
                            name(row) + ", " + row.view().durationMillis() + " ms",
                            WINDOW_COLOR,
                            start,
                            start + row.view().durationMillis()));
        }
        return LatencySvg.draw(
                new LatencyChart(
                        "Counting the words of Europarl while the counter is rescaled",
                        String.format(
                                Locale.ROOT,
                                "%,d words at %,d a second, one JobManager and two TaskManagers",
                                words,
                                rate),
                        List.of(new LatencyChart.Line(LINE, LINE_COLOR, series)),
                        windows));
    }

    private static void rescale(ObjectNode node, RescaleRow row) {
        RescaleView view = row.view();
        node.put("rescaleId", view.id());
        node.put("from", view.from());
        node.put("to", view.to());
        node.put("strategy", view.strategy());
        node.put("placement", view.placement());
        node.put("mode", view.mode());
        node.put("provenMode", row.proof().mode().name());
        ArrayNode evidence = node.putArray("evidenceAgainstLive");
        row.proof().evidence().forEach(evidence::add);
        node.put("keyGroupsMoved", view.keyGroupsMoved());
        node.put("bytesMoved", view.bytesMoved());
        node.put("bytesMinimal", view.bytesMinimal());
        node.put("rescaleDuration", view.durationMillis());
        node.put("longestSuspension", view.longestSuspensionMillis());
        node.put("gap", row.gapMillis());
        latency(node.putObject("before"), row.before());
        latency(node.putObject("during"), row.during());
        latency(node.putObject("after"), row.after());
    }

    private static void latency(ObjectNode node, LatencyFigures latency) {
        node.put("records", latency.records());
        node.put("p50", latency.p50());
        node.put("p99", latency.p99());
        node.put("p999", latency.p999());
        node.put("peak", latency.max());
    }

    private static String name(RescaleRow row) {
        return row.view().from() + " -> " + row.view().to();
    }

    private static String three(double before, double during, double after) {
        return String.format(Locale.ROOT, "%.0f / %.0f / %.0f", before, during, after);
    }

    private static void line(StringBuilder text, Object... cells) {
        text.append(
                String.format(
                                Locale.ROOT,
                                "  %-8s %-13s %6s %10s %9s  %20s %20s %8s",
                                cells)
                        .stripTrailing());
        text.append('\n');
    }
}
