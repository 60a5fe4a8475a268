package dev.tern.experiments.rest;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;

/**
 * One checkpoint of the history.
 *
 * @param id the checkpoint id
 * @param status IN_PROGRESS, COMPLETED or FAILED
 * @param triggered when it was triggered, in milliseconds of the epoch
 * @param durationMillis its end-to-end duration
 * @param parallelism the number of subtasks it covers
 */
public record CheckpointView(
        long id, String status, long triggered, long durationMillis, int parallelism) {

    /** Reads the history in {@code GET /jobs/:jobid/checkpoints}, newest first. */
    public static List<CheckpointView> history(JsonNode node) {
        List<CheckpointView> checkpoints = new ArrayList<>();
        for (JsonNode entry : node.path("history")) {
            checkpoints.add(
                    new CheckpointView(
                            entry.path("id").asLong(),
                            entry.path("status").asText(),
                            entry.path("trigger_timestamp").asLong(),
                            entry.path("end_to_end_duration").asLong(),
                            entry.path("num_subtasks").asInt()));
        }
        return List.copyOf(checkpoints);
    }

    /** Whether it completed. */
    public boolean isCompleted() {
        return status.equals("COMPLETED");
    }

    /** When it completed, in milliseconds of the epoch. */
    public long completed() {
        return triggered + durationMillis;
    }
}
