package dev.tern.experiments.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.examples.measure.Arrival;
import dev.tern.examples.measure.ArrivalLog;
import dev.tern.examples.measure.RunAnalysis;
import dev.tern.examples.measure.Schedule;
import dev.tern.experiments.report.LatencyBucket;
import dev.tern.experiments.report.RunResult;
import dev.tern.experiments.rest.LiveProof;
import dev.tern.experiments.rest.ProvenMode;
import dev.tern.experiments.rest.RescaleView;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

class QuickstartReportTest {

    private static final long START_MILLIS = 1_000_000;
    private static final long WORDS = 30_000;
    private static final CountCheck COUNTS = new CountCheck(WORDS, 100, 0, "");
    private static final RunResult.Oracle EXACT = new RunResult.Oracle(WORDS, 0, 0, 0, 0);
    private static final LiveProof LIVE = new LiveProof(ProvenMode.LIVE, List.of());

    /** A word each millisecond for 30 s; those due in [12 s, 12.1 s) wait until 12.1 s. */
    private static RunAnalysis analysis() {
        Schedule schedule = Schedule.steady(START_MILLIS * 1000, 1000);
        List<Arrival> arrivals = new ArrayList<>();
        for (long id = 0; id < WORDS; id++) {
            long due = schedule.scheduledMicros(id);
            long stalledUntil = (START_MILLIS + 12_100) * 1000;
            boolean stalled = id >= 12_000 && id < 12_100;
            long output = stalled ? stalledUntil : due + 2_000;
            arrivals.add(new Arrival(id, id % 100, id / 100 + 1, due, output, 0, 0));
        }
        return RunAnalysis.of(ArrivalLog.of(arrivals), schedule, WORDS);
    }

    private static RescaleRow row(LiveProof proof) {
        RescaleView view =
                new RescaleView(
                        "r1", 2, 4, "aligned", "minimal", "LIVE", "COMPLETED", "", "",
                        START_MILLIS + 12_000, 120, 64, 2048, 2000, 90);
        return RescaleRow.of(view, proof, analysis());
    }

    private static QuickstartReport report(
            CountCheck counts, RunResult.Oracle oracle, long sourceRecords, LiveProof proof) {
        return new QuickstartReport(
                WORDS,
                1000,
                List.of(row(proof)),
                counts,
                oracle,
                sourceRecords,
                List.of(new LatencyBucket(0, 1, 2, 3, 9), new LatencyBucket(100, 1, 2, 3, 9)),
                START_MILLIS);
    }

    @Test
    void latencyIsSplitBeforeDuringAndAfter() {
        RescaleRow row = row(LIVE);

        assertThat(row.before().max()).isLessThan(3);
        assertThat(row.during().max()).isBetween(99.0, 101.0);
        assertThat(row.after().max()).isLessThan(3);
        assertThat(row.gapMillis()).isBetween(97.0, 101.0);
        assertThat(row.before().records()).isEqualTo(10_000);
    }

    @Test
    void successHasNoComplaints() throws IOException {
        QuickstartReport report = report(COUNTS, EXACT, WORDS, LIVE);

        assertThat(report.complaints()).isEmpty();
        JsonNode json = new ObjectMapper().readTree(report.json());
        assertThat(json.path("success").asBoolean()).isTrue();
        assertThat(json.path("rescales").get(0).path("provenMode").asText()).isEqualTo("LIVE");
        assertThat(json.path("rescales").get(0).path("keyGroupsMoved").asInt()).isEqualTo(64);
        assertThat(json.path("rescales").get(0).path("during").path("peak").asDouble())
                .isGreaterThan(99);
        assertThat(report.table()).contains("2 -> 4", "LIVE, proven", "2.0 KiB", "120 ms");
        assertThat(report.svg()).contains("2 -&gt; 4, 120 ms");
    }

    @Test
    void eachFailedCheckIsAComplaint() {
        CountCheck miscounted = new CountCheck(WORDS, 100, 1, "'rat' occurs 2 times");
        LiveProof restarted = new LiveProof(ProvenMode.RESTART, List.of("numRestarts"));

        assertThat(report(miscounted, EXACT, WORDS, LIVE).complaints())
                .singleElement()
                .asString()
                .contains("'rat' occurs 2 times");
        assertThat(report(COUNTS, new RunResult.Oracle(9, 0, 3, 0, 0), WORDS, LIVE).complaints())
                .singleElement()
                .asString()
                .contains("processed twice 3");
        assertThat(report(COUNTS, EXACT, WORDS + 5, LIVE).complaints())
                .singleElement()
                .asString()
                .contains("read again");
        assertThat(report(COUNTS, EXACT, WORDS, restarted).complaints())
                .singleElement()
                .asString()
                .contains("2 -> 4", "numRestarts");
    }
}
