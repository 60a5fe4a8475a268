package dev.tern.client.cli;

import dev.tern.rescale.request.DryRunReport;
import dev.tern.rescale.request.RescaleMode;
import dev.tern.rescale.request.RescaleOutcome;
import dev.tern.rescale.request.RescaleState;
import dev.tern.rescale.rest.RescaleDetailsBody;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Renders rescales and plans for people. Pure. */
final class RescaleText {

    private RescaleText() {}

    /** What is being done, as the first line of progress and status. */
    static String headline(RescaleDetailsBody rescale) {
        return String.format(
                "Rescale %s of %s (%s, %s), %s",
                rescale.rescaleId(),
                changes(rescale),
                rescale.strategy(),
                rescale.placement(),
                mode(rescale.mode()));
    }

    private static String changes(RescaleDetailsBody rescale) {
        return rescale.vertices().values().stream()
                .map(
                        vertex ->
                                String.format(
                                        "\"%s\" from %d to %d",
                                        vertex.jobVertexName(),
                                        vertex.preRescaleParallelism(),
                                        vertex.desiredParallelism()))
                .collect(Collectors.joining(", "));
    }

    /** A state that was entered, with the time since the request. */
    static String progress(RescaleDetailsBody rescale, RescaleDetailsBody.Span span) {
        double seconds =
                (span.enterTimestampInMillis() - rescale.startTimestampInMillis()) / 1000.0;
        return String.format(Locale.ROOT, "%9.3f s  %s", Math.max(0.0, seconds), span.state());
    }

    /** How a rescale ended, or that it has not. */
    static String result(RescaleDetailsBody rescale) {
        String took = String.format(Locale.ROOT, "%.3f s", rescale.durationMs() / 1000.0);
        return switch (rescale.outcome()) {
            case IN_PROGRESS ->
                    String.format("In progress since %s, now in %s.", took, rescale.state());
            case COMPLETED ->
                    rescale.mode() == RescaleMode.LIVE
                            ? String.format(
                                    "Completed in %s without a restart. %s", took, moved(rescale))
                            : String.format("Completed in %s by restarting the job.", took);
            case FAILED ->
                    String.format(
                            "Failed after %s, the job was restarted from its last checkpoint: %s",
                            took, rescale.error());
            case ABORTED ->
                    stoppedMidway(rescale)
                            ? String.format(
                                    "Stopped after %s without a restart: %s", took, rescale.error())
                            : String.format(
                                    "Aborted after %s, the job goes on as before: %s",
                                    took, rescale.error());
            case IGNORED -> String.format("Given up after %s: %s", took, rescale.error());
        };
    }

    private static boolean stoppedMidway(RescaleDetailsBody rescale) {
        return rescale.schedulerStates().stream()
                .anyMatch(span -> span.state() == RescaleState.COMMIT);
    }

    /** A rescale with all its states. */
    static List<String> status(RescaleDetailsBody rescale) {
        List<String> lines = new ArrayList<>();
        lines.add(headline(rescale));
        if (rescale.mode() == RescaleMode.RESTART) {
            lines.add(rescale.reason());
        }
        rescale.schedulerStates()
                .forEach(
                        span ->
                                lines.add(
                                        span.state().isTerminal()
                                                ? progress(rescale, span)
                                                : String.format(
                                                        "%-30s for %d ms",
                                                        progress(rescale, span),
                                                        span.durationInMillis())));
        lines.add(result(rescale));
        if (rescale.outcome() == RescaleOutcome.IN_PROGRESS && rescale.keyGroupsMoved() > 0) {
            lines.add(moved(rescale));
        }
        return lines;
    }

    /**
     * What a rescale would do.
     *
     * @param restartAllowed whether the same request without the dry run may restart the job
     */
    static List<String> plan(DryRunReport report, boolean restartAllowed) {
        List<String> lines = new ArrayList<>();
        lines.add(
                String.format(
                        "Dry run: \"%s\" (%s) from %d to %d (%s, %s), %s. Nothing was changed.",
                        report.vertexName(),
                        report.vertexId(),
                        report.from(),
                        report.to(),
                        report.strategy(),
                        report.placement(),
                        mode(report.mode())));
        if (!report.together().isEmpty()) {
            lines.add(together(report.together()));
        }
        if (!report.reason().isEmpty()) {
            lines.add(report.reason());
        }
        if (report.mode() == RescaleMode.RESTART && !restartAllowed) {
            lines.add("Without --allow-restart it will be refused.");
        }
        if (!report.moves().isEmpty()) {
            lines.add(String.format("%6s %6s %12s  %s", "from", "to", "bytes", "key groups"));
            for (DryRunReport.Move move : report.moves()) {
                lines.add(
                        String.format(
                                "%6d %6d %12s  %d (%s)",
                                move.fromSubtask(),
                                move.toSubtask(),
                                bytes(move.bytes()),
                                move.keyGroups().size(),
                                ranges(move.keyGroups())));
            }
            lines.add(
                    String.format(
                            "%d key groups and %s would move; the least for a balanced placement is"
                                    + " %s.",
                            report.keyGroupsMoved(),
                            bytes(report.bytesMoved()),
                            bytes(report.bytesMinimal())));
        }
        lines.add(
                report.slotsNeeded() == 0
                        ? "No further slots are needed."
                        : String.format("Further slots needed: %d.", report.slotsNeeded()));
        for (DryRunReport.VertexObstacles vertex : report.vertices()) {
            if (!vertex.obstacles().isEmpty()) {
                lines.add(
                        String.format(
                                "\"%s\" (%s) cannot be rescaled while it runs: it %s.",
                                vertex.vertexName(),
                                vertex.vertexId(),
                                String.join(", and it ", vertex.obstacles())));
            }
        }
        return lines;
    }

    /** Which vertices are rescaled besides the one that was asked for. */
    static String together(List<String> vertices) {
        return vertices.stream()
                .map(vertex -> '"' + vertex + '"')
                .collect(
                        Collectors.joining(
                                ", ",
                                "Rescaled with it, since pointwise edges connect them: ",
                                "."));
    }

    /** A number of bytes with a unit, or a question mark if it is unknown. */
    static String bytes(long bytes) {
        if (bytes < 0) {
            return "? bytes";
        }
        if (bytes < 1024) {
            return bytes + " bytes";
        }
        double value = bytes;
        String[] units = {"KB", "MB", "GB", "TB", "PB"};
        int unit = -1;
        while (value >= 1024 && unit < units.length - 1) {
            value /= 1024;
            unit++;
        }
        return String.format(Locale.ROOT, "%.1f %s", value, units[unit]);
    }

    /** Ascending numbers with runs shortened: 0-3, 7, 9-10. */
    static String ranges(List<Integer> ascending) {
        List<String> runs = new ArrayList<>();
        int start = 0;
        for (int i = 1; i <= ascending.size(); i++) {
            if (i == ascending.size() || ascending.get(i) != ascending.get(i - 1) + 1) {
                int first = ascending.get(start);
                int last = ascending.get(i - 1);
                runs.add(first == last ? String.valueOf(first) : first + "-" + last);
                start = i;
            }
        }
        return String.join(", ", runs);
    }

    private static String moved(RescaleDetailsBody rescale) {
        return String.format(
                "%d key groups and %s moved (least possible: %s); no record waited longer than"
                        + " %d ms.",
                rescale.keyGroupsMoved(),
                bytes(rescale.bytesMoved()),
                bytes(rescale.bytesMinimal()),
                rescale.longestSuspensionMs());
    }

    private static String mode(RescaleMode mode) {
        return mode == RescaleMode.LIVE ? "while the job runs" : "by restarting the job";
    }
}
