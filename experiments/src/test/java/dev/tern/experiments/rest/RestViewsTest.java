package dev.tern.experiments.rest;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.List;

class RestViewsTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void readsTheCheckpointHistory() throws IOException {
        List<CheckpointView> checkpoints =
                CheckpointView.history(
                        JSON.readTree(
                                "{\"counts\":{\"completed\":1},\"history\":["
                                        + "{\"id\":4,\"status\":\"IN_PROGRESS\","
                                        + "\"trigger_timestamp\":2000,\"end_to_end_duration\":0,"
                                        + "\"num_subtasks\":5},"
                                        + "{\"id\":3,\"status\":\"COMPLETED\","
                                        + "\"trigger_timestamp\":1000,\"end_to_end_duration\":250,"
                                        + "\"num_subtasks\":5}]}"));

        assertThat(checkpoints)
                .containsExactly(
                        new CheckpointView(4, "IN_PROGRESS", 2000, 0, 5),
                        new CheckpointView(3, "COMPLETED", 1000, 250, 5));
        assertThat(checkpoints)
                .extracting(CheckpointView::isCompleted)
                .containsExactly(false, true);
        assertThat(checkpoints.get(1).completed()).isEqualTo(1250);
        assertThat(CheckpointView.history(JSON.createObjectNode())).isEmpty();
    }

    @Test
    void readsARescale() throws IOException {
        RescaleView view =
                RescaleView.of(
                        JSON.readTree(
                                "{\"rescaleId\":\"r1\",\"from\":2,\"to\":4,"
                                        + "\"strategy\":\"aligned\",\"placement\":\"minimal\","
                                        + "\"mode\":\"LIVE\",\"outcome\":\"COMPLETED\","
                                        + "\"reason\":\"\",\"error\":null,"
                                        + "\"startTimestampInMillis\":5000,\"durationMs\":70,"
                                        + "\"keyGroupsMoved\":64,\"bytesMoved\":1000,"
                                        + "\"bytesMinimal\":900,\"longestSuspensionMs\":12}"));

        assertThat(view.isOver()).isTrue();
        assertThat(view.endMillis()).isEqualTo(5070);
        assertThat(view.mode()).isEqualTo("LIVE");
        assertThat(view.keyGroupsMoved()).isEqualTo(64);
        assertThat(view.bytesMoved()).isEqualTo(1000);
        assertThat(view.bytesMinimal()).isEqualTo(900);
        assertThat(view.longestSuspensionMillis()).isEqualTo(12);
    }

    @Test
    void aRescaleInProgressIsNotOver() throws IOException {
        assertThat(RescaleView.of(JSON.readTree("{\"outcome\":\"IN_PROGRESS\"}")).isOver())
                .isFalse();
    }
}
