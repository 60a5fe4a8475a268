package dev.tern.client.cli;

import dev.tern.client.check.JarReport;
import dev.tern.client.check.JarReport.PlannedVertex;
import dev.tern.rescale.request.CheckReport;
import dev.tern.rescale.request.CheckReport.Direction;
import dev.tern.rescale.request.CheckReport.Verdict;
import dev.tern.rescale.request.CheckReport.VertexCheck;

import java.util.ArrayList;
import java.util.List;

/** Renders what could be rescaled for people. Pure. */
final class CheckText {

    private CheckText() {}

    static List<String> of(CheckReport report) {
        List<String> lines = new ArrayList<>();
        report.vertices().forEach(vertex -> add(vertex, lines));
        return lines;
    }

    /** The same of a job that does not run. */
    static List<String> of(JarReport report) {
        List<String> lines = new ArrayList<>();
        for (PlannedVertex vertex : report.vertices()) {
            add(vertex.check(), lines);
            if (!vertex.openQuestions().isEmpty()) {
                lines.add("  open           known when it runs");
                addReasons(vertex.openQuestions(), lines);
            }
        }
        lines.add(
                "What states are registered is known when the job runs: `flink rescale <jobId>"
                        + " --check` asks its tasks.");
        return lines;
    }

    private static void add(VertexCheck vertex, List<String> lines) {
        lines.add(
                String.format(
                        "\"%s\" (%s), %d of at most %d subtasks",
                        vertex.vertexName(),
                        vertex.vertexId(),
                        vertex.parallelism(),
                        vertex.maxParallelism()));
        if (!vertex.together().isEmpty()) {
            lines.add("  " + RescaleText.together(vertex.together()));
        }
        if (vertex.more().equals(vertex.fewer())) {
            add("more or fewer", vertex.more(), lines);
        } else {
            add("more", vertex.more(), lines);
            add("fewer", vertex.fewer(), lines);
        }
    }

    private static void add(String direction, Direction judged, List<String> lines) {
        lines.add(String.format("  %-13s  %s", direction, word(judged.verdict())));
        addReasons(judged.reasons(), lines);
    }

    private static void addReasons(List<String> reasons, List<String> lines) {
        reasons.forEach(reason -> lines.add("                 " + reason));
    }

    private static String word(Verdict verdict) {
        return switch (verdict) {
            case LIVE -> "live: while the job runs";
            case RESTART -> "restart: only with --allow-restart";
            case REFUSED -> "refused";
        };
    }
}
