package dev.tern.rescale.rest;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.flink.runtime.rest.util.RestMapperUtils;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;

import dev.tern.rescale.request.DryRunReport;
import dev.tern.rescale.request.RescaleMode;
import dev.tern.rescale.request.RescaleRecord;
import dev.tern.rescale.request.RescaleState;
import dev.tern.rescale.request.Rescales;

import org.junit.jupiter.api.Test;

import java.util.List;

/** The JSON of the responses. */
class RescaleBodiesTest {

    private static final ObjectMapper MAPPER = RestMapperUtils.getStrictObjectMapper();

    @Test
    void detailsHaveTheFieldsOfFlinkAndOurs() {
        JsonNode json = details(Rescales.completed("r1", 100), 900);
        assertThat(json.fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder(
                        // Flink 2.3
                        "rescaleUuid",
                        "vertices",
                        "schedulerStates",
                        "startTimestampInMillis",
                        "endTimestampInMillis",
                        "terminalState",
                        "triggerCause",
                        "terminatedReason",
                        // ours
                        "rescaleId",
                        "vertex",
                        "vertexId",
                        "from",
                        "to",
                        "strategy",
                        "options",
                        "placement",
                        "mode",
                        "outcome",
                        "state",
                        "reason",
                        "keyGroupsMoved",
                        "bytesMoved",
                        "bytesMinimal",
                        "durationMs",
                        "longestSuspensionMs",
                        "setAsidePeakBytes",
                        "setAsideSpilledBytes",
                        "reRoutedRecords",
                        "error");
        assertThat(json.get("terminalState").asText()).isEqualTo("COMPLETED");
        assertThat(json.get("terminatedReason").asText()).isEqualTo("SUCCEEDED");
        assertThat(json.get("triggerCause").asText()).isEqualTo("UPDATE_REQUIREMENT");
        assertThat(json.get("startTimestampInMillis").asLong()).isEqualTo(100);
        assertThat(json.get("endTimestampInMillis").asLong()).isEqualTo(150);
        assertThat(json.get("durationMs").asLong()).isEqualTo(50);
        assertThat(json.get("keyGroupsMoved").asInt()).isEqualTo(64);
        assertThat(json.get("bytesMoved").asLong()).isEqualTo(2048);
        assertThat(json.get("bytesMinimal").asLong()).isEqualTo(1024);
        assertThat(json.get("longestSuspensionMs").asLong()).isEqualTo(7);
        assertThat(json.get("setAsidePeakBytes").asLong()).isEqualTo(300);
        assertThat(json.get("setAsideSpilledBytes").asLong()).isEqualTo(200);
        assertThat(json.get("reRoutedRecords").asLong()).isEqualTo(11);
        assertThat(json.get("error").isNull()).isTrue();
        JsonNode vertex = json.get("vertices").get(Rescales.VERTEX_ID);
        assertThat(vertex.get("preRescaleParallelism").asInt()).isEqualTo(2);
        assertThat(vertex.get("postRescaleParallelism").asInt()).isEqualTo(4);
    }

    @Test
    void everyStateHasStartAndEnd() {
        JsonNode states = details(Rescales.completed("r1", 100), 900).get("schedulerStates");
        assertThat(states.findValuesAsText("state"))
                .containsExactly("PREFLIGHT", "MIGRATE", "COMPLETED");
        assertThat(states.findValuesAsText("enterTimestampInMillis"))
                .containsExactly("100", "110", "150");
        assertThat(states.findValuesAsText("leaveTimestampInMillis"))
                .containsExactly("110", "150", "150");
        assertThat(states.findValuesAsText("durationInMillis")).containsExactly("10", "40", "0");
    }

    @Test
    void whatStillRunsHasNoEnd() {
        RescaleRecord running =
                Rescales.requested("r1", 100).entered(RescaleState.PREFLIGHT, 101);
        JsonNode json = details(running, 131);
        assertThat(json.get("endTimestampInMillis").isNull()).isTrue();
        assertThat(json.get("terminalState").isNull()).isTrue();
        assertThat(json.get("terminatedReason").isNull()).isTrue();
        assertThat(json.get("outcome").asText()).isEqualTo("IN_PROGRESS");
        assertThat(json.get("durationMs").asLong()).isEqualTo(31);
        JsonNode state = json.get("schedulerStates").get(0);
        assertThat(state.get("leaveTimestampInMillis").isNull()).isTrue();
        assertThat(state.get("durationInMillis").asLong()).isEqualTo(30);
    }

    @Test
    void anAbortedRescaleIsAFailureInFlinksWords() {
        JsonNode json = details(Rescales.requested("r1", 100).aborted(120, "No slots."), 900);
        assertThat(json.get("terminalState").asText()).isEqualTo("FAILED");
        assertThat(json.get("terminatedReason").asText()).isEqualTo("EXCEPTION_OCCURRED");
        assertThat(json.get("outcome").asText()).isEqualTo("ABORTED");
        assertThat(json.get("error").asText()).isEqualTo("No slots.");
        assertThat(json.get("schedulerStates").get(0).get("stringifiedException").asText())
                .isEqualTo("No slots.");
        assertThat(
                        json.get("vertices")
                                .get(Rescales.VERTEX_ID)
                                .get("postRescaleParallelism")
                                .asInt())
                .isEqualTo(2);
    }

    @Test
    void theClientReadsWhatTheServerWrites() throws Exception {
        RescaleDetailsBody body = RescaleDetailsBody.of(Rescales.completed("r1", 100), 900);
        assertThat(copy(body, RescaleDetailsBody.class)).isEqualTo(body);
        RescaleHistoryBody history =
                RescaleHistoryBody.of(
                        List.of(Rescales.completed("r2", 200), Rescales.requested("r1", 100)),
                        900);
        assertThat(MAPPER.valueToTree(history).<JsonNode>get(0).get("rescaleId").asText())
                .isEqualTo("r2");
        assertThat(copy(history, RescaleHistoryBody.class).rescales())
                .isEqualTo(history.rescales());
    }

    @Test
    void anIdAndAPlanAreToldApart() throws Exception {
        RescaleAcceptedBody accepted = new RescaleAcceptedBody("r1", List.of());
        assertThat(MAPPER.writeValueAsString(accepted)).isEqualTo("{\"rescaleId\":\"r1\",\"together\":[]}");
        assertThat(copy(accepted, RescaleSubmitResponseBody.class)).isEqualTo(accepted);

        DryRunReport report =
                new DryRunReport(
                        Rescales.VERTEX_ID,
                        "Counter",
                        2,
                        3,
                        List.of("Writer"),
                        "aligned",
                        "minimal",
                        RescaleMode.LIVE,
                        "",
                        List.of(new DryRunReport.Move(0, 2, List.of(1, 2), 10)),
                        9,
                        1,
                        List.of(
                                new DryRunReport.VertexObstacles(
                                        "01", "Source", 2, List.of("is a source"))));
        RescaleSubmitResponseBody plan =
                copy(RescalePlanBody.of(report), RescaleSubmitResponseBody.class);
        assertThat(plan).isInstanceOf(RescalePlanBody.class);
        assertThat(((RescalePlanBody) plan).toReport()).isEqualTo(report);
        assertThat(((RescalePlanBody) plan).bytesMoved()).isEqualTo(10);
    }

    private static JsonNode details(RescaleRecord rescale, long nowMillis) {
        return MAPPER.valueToTree(RescaleDetailsBody.of(rescale, nowMillis));
    }

    private static <T> T copy(Object body, Class<T> type) throws Exception {
        return MAPPER.readValue(MAPPER.writeValueAsString(body), type);
    }
}
