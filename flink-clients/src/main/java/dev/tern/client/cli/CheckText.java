package dev.tern.client.cli;

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
        for (VertexCheck vertex : report.vertices()) {
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
        return lines;
    }

    private static void add(String direction, Direction judged, List<String> lines) {
        lines.add(String.format("  %-13s  %s", direction, word(judged.verdict())));
        judged.reasons().forEach(reason -> lines.add("                 " + reason));
    }

    private static String word(Verdict verdict) {
        return switch (verdict) {
            case LIVE -> "live: while the job runs";
            case RESTART -> "restart: only with --allow-restart";
            case REFUSED -> "refused";
        };
    }
}
