package dev.tern.experiments.rest;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;

/**
 * One job vertex with its subtasks, as stock REST shows it.
 *
 * @param id the vertex id, 32 hex digits
 * @param name the names of the chained operators
 * @param parallelism the parallelism it runs at
 * @param subtasks the current attempts, by index
 */
public record VertexView(String id, String name, int parallelism, List<SubtaskView> subtasks) {

    public VertexView {
        subtasks = List.copyOf(subtasks);
    }

    /** Reads the answer of {@code GET /jobs/:jobid/vertices/:vertexid}. */
    public static VertexView of(JsonNode node) {
        List<SubtaskView> subtasks = new ArrayList<>();
        node.path("subtasks").forEach(subtask -> subtasks.add(SubtaskView.of(subtask)));
        return new VertexView(
                node.path("id").asText(),
                node.path("name").asText(),
                node.path("parallelism").asInt(),
                subtasks);
    }

    /** Whether every subtask runs. */
    public boolean isRunning() {
        return subtasks.size() == parallelism
                && subtasks.stream().allMatch(subtask -> subtask.status().equals("RUNNING"));
    }

    /** Records written by all current attempts together. */
    public long recordsWritten() {
        return subtasks.stream().mapToLong(SubtaskView::recordsWritten).sum();
    }

    /** Records read by all current attempts together. */
    public long recordsRead() {
        return subtasks.stream().mapToLong(SubtaskView::recordsRead).sum();
    }
}
