package dev.tern.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.rescale.request.DryRunReport;
import dev.tern.rescale.request.RescaleMode;
import dev.tern.rescale.request.RescaleOutcome;
import dev.tern.rescale.request.RescaleState;
import dev.tern.rescale.rest.RescaleDetailsBody;

import org.junit.jupiter.api.Test;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What people get to read. */
class RescaleTextTest {

    @Test
    void bytesHaveAUnit() {
        assertThat(RescaleText.bytes(-1)).isEqualTo("? bytes");
        assertThat(RescaleText.bytes(0)).isEqualTo("0 bytes");
        assertThat(RescaleText.bytes(1023)).isEqualTo("1023 bytes");
        assertThat(RescaleText.bytes(1024)).isEqualTo("1.0 KB");
        assertThat(RescaleText.bytes(1536 * 1024)).isEqualTo("1.5 MB");
        assertThat(RescaleText.bytes(3L << 40)).isEqualTo("3.0 TB");
        assertThat(RescaleText.bytes(Long.MAX_VALUE)).isEqualTo("8192.0 PB");
    }

    @Test
    void runsOfKeyGroupsAreShortened() {
        assertThat(RescaleText.ranges(List.of())).isEmpty();
        assertThat(RescaleText.ranges(List.of(7))).isEqualTo("7");
        assertThat(RescaleText.ranges(List.of(0, 1, 2, 3, 7, 9, 10))).isEqualTo("0-3, 7, 9-10");
    }

    @Test
    void aHeadlineNamesAllVertices() {
        Map<String, RescaleDetailsBody.Vertex> vertices = new LinkedHashMap<>();
        vertices.put("0a", new RescaleDetailsBody.Vertex("0a", "Counter", 4, 2, null));
        vertices.put("0b", new RescaleDetailsBody.Vertex("0b", "Checker", 1, 3, null));
        assertThat(RescaleText.headline(Bodies.of(vertices)))
                .isEqualTo(
                        "Rescale "
                                + Bodies.ID
                                + " of \"Counter\" from 2 to 4, \"Checker\" from 3 to 1 (aligned,"
                                + " minimal), while the job runs");
    }

    @Test
    void aPlanListsMovesSlotsAndObstacles() {
        assertThat(RescaleText.plan(Bodies.plan().toReport(), false))
                .containsExactly(
                        "Dry run: \"Counter\" (0a) from 2 to 4 (aligned, minimal), while the job"
                                + " runs. Nothing was changed.",
                        "  from     to        bytes  key groups",
                        "     0      2       2.0 KB  4 (0-2, 5)",
                        "     1      3      ? bytes  1 (9)",
                        "5 key groups and ? bytes would move; the least for a balanced placement"
                                + " is 1.0 KB.",
                        "Further slots needed: 2.",
                        "\"Source\" (01) cannot be rescaled while it runs: it is a source.");
    }

    @Test
    void aPlanThatNeedsARestartSaysWhatIsMissing() {
        DryRunReport report =
                new DryRunReport(
                        "01",
                        "Source",
                        2,
                        4,
                        List.of(),
                        "aligned",
                        "minimal",
                        RescaleMode.RESTART,
                        "Vertex \"Source\" is a source.",
                        List.of(),
                        0,
                        0,
                        List.of());
        assertThat(RescaleText.plan(report, false))
                .containsExactly(
                        "Dry run: \"Source\" (01) from 2 to 4 (aligned, minimal), by restarting the"
                                + " job. Nothing was changed.",
                        "Vertex \"Source\" is a source.",
                        "Without --allow-restart it will be refused.",
                        "No further slots are needed.");
        assertThat(RescaleText.plan(report, true)).noneMatch(line -> line.contains("refused"));
    }

    @Test
    void theStatusShowsEveryState() {
        assertThat(RescaleText.status(Bodies.completed()))
                .containsExactly(
                        "Rescale " + Bodies.ID + " of \"Counter\" from 2 to 4 (aligned, minimal),"
                                + " while the job runs",
                        "    0.000 s  PREFLIGHT         for 100 ms",
                        "    0.100 s  MIGRATE           for 100 ms",
                        "    0.200 s  COMPLETED",
                        "Completed in 0.300 s without a restart. 64 key groups and 3.0 MB moved"
                                + " (least possible: 1.0 KB); no record waited longer than 7 ms.");
    }

    @Test
    void everyOutcomeHasItsSentence() {
        assertThat(RescaleText.result(Bodies.running(RescaleState.QUIESCE)))
                .isEqualTo("In progress since 0.100 s, now in QUIESCE.");
        RescaleDetailsBody restarted =
                Bodies.ended(
                        RescaleMode.RESTART,
                        "It is a source.",
                        RescaleOutcome.COMPLETED,
                        null,
                        RescaleState.RESTARTED);
        assertThat(RescaleText.result(restarted))
                .isEqualTo("Completed in 0.100 s by restarting the job.");
        assertThat(RescaleText.status(restarted)).contains("It is a source.");
        assertThat(result(RescaleOutcome.FAILED, RescaleState.RESTARTED))
                .isEqualTo(
                        "Failed after 0.100 s, the job was restarted from its last checkpoint:"
                                + " Gone.");
        assertThat(result(RescaleOutcome.ABORTED, RescaleState.ABORTED))
                .isEqualTo("Aborted after 0.100 s, the job goes on as before: Gone.");
        assertThat(result(RescaleOutcome.IGNORED, RescaleState.ABORTED))
                .isEqualTo("Given up after 0.100 s: Gone.");
    }

    private static String result(RescaleOutcome outcome, RescaleState state) {
        return RescaleText.result(Bodies.ended(RescaleMode.LIVE, "", outcome, "Gone.", state));
    }
}
