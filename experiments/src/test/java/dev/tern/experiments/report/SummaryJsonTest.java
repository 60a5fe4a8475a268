package dev.tern.experiments.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

class SummaryJsonTest {

    /** The contract of summary.json: other programs read these. */
    private static final String FIELDS =
            "engine strategy backend workload from to stateBytes rate seed pair baseP50 baseP99"
                    + " baseP999 baseMax peak p99 p999 gap lostService minThroughput"
                    + " rescaleDuration recovered firstRelief keyGroupsMoved bytesMoved"
                    + " bytesMinimal suspendedPeakBytes checkpointDuration mode provenMode"
                    + " numRestarts lost duplicated outOfOrder jitterMax floorsBefore floorsAfter";

    private static JsonNode document() throws IOException {
        List<RunResult> runs = List.of(Runs.tern(0, 100, 40), Runs.stock(0, 4000, 3800));
        return new ObjectMapper().readTree(SummaryJson.of(Runs.plan(), runs, Goals.judge(runs, 1)));
    }

    @Test
    void everyRunIsAFlatObjectWithAllFields() throws IOException {
        JsonNode runs = document().path("runs");

        assertThat(runs).hasSize(2);
        for (JsonNode run : runs) {
            List<String> names = new ArrayList<>();
            run.fieldNames().forEachRemaining(names::add);
            assertThat(names).contains(FIELDS.split(" "));
        }
    }

    @Test
    void valuesArriveUnderTheirNames() throws IOException {
        JsonNode tern = document().path("runs").get(0);

        assertThat(tern.path("engine").asText()).isEqualTo("tern");
        assertThat(tern.path("peak").asDouble()).isEqualTo(100);
        assertThat(tern.path("gap").asDouble()).isEqualTo(40);
        assertThat(tern.path("bytesMoved").asLong()).isEqualTo(1_100);
        assertThat(tern.path("bytesMinimal").asLong()).isEqualTo(1_000);
        assertThat(tern.path("provenMode").asText()).isEqualTo("LIVE");
        assertThat(tern.path("floorsBefore").path("handOffMicros").asDouble()).isEqualTo(45);
    }

    @Test
    void whatWasNotMeasuredIsNull() throws IOException {
        JsonNode stock = document().path("runs").get(1);

        assertThat(stock.path("bytesMoved").isNull()).isTrue();
        assertThat(stock.path("firstRelief").isNull()).isTrue();
        assertThat(stock.path("duplicated").asLong()).isEqualTo(640);
        assertThat(stock.path("evidenceAgainstLive").get(0).asText()).contains("numRestarts");
    }

    @Test
    void goalsCarryRatioAndInterval() throws IOException {
        JsonNode peak = document().path("goals").get(0);

        assertThat(peak.path("name").asText()).isEqualTo("peak");
        assertThat(peak.path("ratio").asDouble()).isEqualTo(0.025);
        assertThat(peak.path("ratioHigh").asDouble()).isEqualTo(0.025);
        assertThat(peak.path("met").asBoolean()).isTrue();
    }

    @Test
    void planIsWrittenDown() throws IOException {
        JsonNode experiment = document().path("experiment");

        assertThat(experiment.path("keys").asInt()).isEqualTo(64_000);
        assertThat(experiment.path("checkpointIntervalMillis").asLong()).isEqualTo(10_000);
        assertThat(experiment.path("cores").asInt()).isPositive();
    }
}
