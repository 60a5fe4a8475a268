package dev.tern.experiments.rest;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;

/**
 * The current attempt of one subtask, as stock REST shows it.
 *
 * @param index the subtask index
 * @param attempt the attempt number; a restarted subtask shows another one
 * @param status the execution state, such as RUNNING
 * @param startTime when the attempt was deployed, in milliseconds of the epoch
 * @param taskManager the resource id of the TaskManager that runs it
 * @param recordsRead records that the attempt has read from its inputs
 * @param recordsWritten records that the attempt has written to its outputs
 */
public record SubtaskView(
        int index,
        int attempt,
        String status,
        long startTime,
        String taskManager,
        long recordsRead,
        long recordsWritten) {

    /** Reads one element of {@code subtasks} in {@code GET /jobs/:jobid/vertices/:vertexid}. */
    public static SubtaskView of(JsonNode node) {
        JsonNode metrics = node.path("metrics");
        return new SubtaskView(
                node.path("subtask").asInt(),
                node.path("attempt").asInt(),
                node.path("status").asText(),
                node.path("start-time").asLong(),
                node.path("taskmanager-id").asText(),
                metrics.path("read-records").asLong(),
                metrics.path("write-records").asLong());
    }

    /** Whether {@code other} is the same attempt in the same place. */
    public boolean isSameAttempt(SubtaskView other) {
        return index == other.index
                && attempt == other.attempt
                && startTime == other.startTime
                && taskManager.equals(other.taskManager);
    }

    /** Index, attempt and start time, for a message. */
    public String describeAttempt() {
        return "subtask "
                + index
                + " attempt "
                + attempt
                + " started "
                + startTime
                + " on "
                + taskManager;
    }
}
