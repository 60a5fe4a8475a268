package dev.tern.experiments.rest;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;

/**
 * One rescale as our history shows it.
 *
 * @param id identifies it within its job
 * @param from parallelism before
 * @param to wanted parallelism
 * @param strategy name of the strategy
 * @param placement name of the placement planner
 * @param mode LIVE or RESTART, as the system claims
 * @param outcome IN_PROGRESS, COMPLETED, FAILED, ABORTED or IGNORED
 * @param reason why it was done this way; may be empty
 * @param error why it did not complete; empty if it did
 * @param startMillis when it was asked for, in milliseconds of the epoch
 * @param durationMillis from the request to the end
 * @param keyGroupsMoved key groups that changed their owner
 * @param bytesMoved serialized bytes that were moved
 * @param bytesMinimal serialized bytes that a balanced plan must move
 * @param longestSuspensionMillis longest wait of a record for its state
 */
public record RescaleView(
        String id,
        int from,
        int to,
        String strategy,
        String placement,
        String mode,
        String outcome,
        String reason,
        String error,
        long startMillis,
        long durationMillis,
        int keyGroupsMoved,
        long bytesMoved,
        long bytesMinimal,
        long longestSuspensionMillis) {

    /** Reads the answer of {@code GET /jobs/:jobid/rescales/details/:id}. */
    public static RescaleView of(JsonNode node) {
        return new RescaleView(
                node.path("rescaleId").asText(),
                node.path("from").asInt(),
                node.path("to").asInt(),
                node.path("strategy").asText(),
                node.path("placement").asText(),
                node.path("mode").asText(),
                node.path("outcome").asText(),
                node.path("reason").asText(""),
                node.path("error").asText(""),
                node.path("startTimestampInMillis").asLong(),
                node.path("durationMs").asLong(),
                node.path("keyGroupsMoved").asInt(),
                node.path("bytesMoved").asLong(),
                node.path("bytesMinimal").asLong(),
                node.path("longestSuspensionMs").asLong());
    }

    /** Whether it is over, well or not. */
    public boolean isOver() {
        return !outcome.equals("IN_PROGRESS");
    }

    /** When it ended, in milliseconds of the epoch; meaningful once it is over. */
    public long endMillis() {
        return startMillis + durationMillis;
    }
}
