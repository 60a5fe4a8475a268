package dev.tern.experiments.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Pictures are read from JSON as the REST endpoint writes it. */
class LiveProofTest {

    private static final String SOURCE = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    private static final String COUNTER = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

    private static String subtask(int index, int attempt, long start, String host) {
        return String.format(
                "{\"subtask\":%d,\"status\":\"RUNNING\",\"attempt\":%d,\"endpoint\":\"h:1\","
                        + "\"start-time\":%d,\"end-time\":-1,\"duration\":5,"
                        + "\"metrics\":{\"read-records\":7,\"write-records\":9},"
                        + "\"taskmanager-id\":\"%s\"}",
                index, attempt, start, host);
    }

    private static VertexView vertex(String id, String... subtasks) {
        String json =
                String.format(
                        "{\"id\":\"%s\",\"name\":\"FlatMap-%s\",\"parallelism\":%d,"
                                + "\"subtasks\":[%s]}",
                        id, id.charAt(0), subtasks.length, String.join(",", subtasks));
        try {
            return VertexView.of(new ObjectMapper().readTree(json));
        } catch (IOException wrong) {
            throw new AssertionError(json, wrong);
        }
    }

    private static JobPicture picture(
            long restarts, int exceptions, long restored, VertexView... vertices) {
        return new JobPicture("RUNNING", restarts, exceptions, restored, List.of(vertices));
    }

    private static VertexView source() {
        return vertex(SOURCE, subtask(0, 0, 1000, "tm-1"));
    }

    private static VertexView counters(int parallelism) {
        List<String> subtasks = new ArrayList<>();
        for (int i = 0; i < parallelism; i++) {
            subtasks.add(subtask(i, 0, i < 2 ? 1000 : 9000, i < 2 ? "tm-1" : "tm-2"));
        }
        return vertex(COUNTER, subtasks.toArray(new String[0]));
    }

    private static final JobPicture BEFORE = picture(0, 0, 0, source(), counters(2));

    private static LiveProof judge(JobPicture after) {
        return LiveProof.judge(BEFORE, after, COUNTER, 4);
    }

    @Test
    void sameAttemptsAndMoreSubtasksAreLive() {
        assertThat(judge(picture(0, 0, 0, source(), counters(4))))
                .isEqualTo(new LiveProof(ProvenMode.LIVE, List.of()));
    }

    @Test
    void scaleInIsLiveWhenTheRemainingSubtasksAreTheSame() {
        JobPicture before = picture(1, 1, 1, source(), counters(4));
        JobPicture after = picture(1, 1, 1, source(), counters(3));

        assertThat(LiveProof.judge(before, after, COUNTER, 3).mode()).isEqualTo(ProvenMode.LIVE);
    }

    @Test
    void anotherStartTimeOfASurvivorIsARestartEvenIfNothingElseShows() {
        VertexView restarted = vertex(SOURCE, subtask(0, 0, 1001, "tm-1"));

        LiveProof proof = judge(picture(0, 0, 0, restarted, counters(4)));

        assertThat(proof.mode()).isEqualTo(ProvenMode.RESTART);
        assertThat(proof.evidence()).singleElement().asString().contains("1000", "1001");
    }

    @Test
    void anotherAttemptOrAnotherTaskManagerIsARestart() {
        VertexView attempt = vertex(SOURCE, subtask(0, 1, 1000, "tm-1"));
        VertexView host = vertex(SOURCE, subtask(0, 0, 1000, "tm-2"));

        for (VertexView changed : List.of(attempt, host)) {
            assertThat(judge(picture(0, 0, 0, changed, counters(4))).mode())
                    .isEqualTo(ProvenMode.RESTART);
        }
    }

    @Test
    void gaugeExceptionsAndRestoredCheckpointsEachSpeakAgainstLive() {
        assertThat(judge(picture(1, 0, 0, source(), counters(4))).evidence())
                .containsExactly("numRestarts went from 0 to 1");
        assertThat(judge(picture(0, 1, 0, source(), counters(4))).evidence())
                .containsExactly("exceptions went from 0 to 1");
        assertThat(judge(picture(0, 0, 1, source(), counters(4))).evidence())
                .containsExactly("restored checkpoints went from 0 to 1");
    }

    @Test
    void notReachingTheParallelismIsNeitherLiveNorRestart() {
        LiveProof proof = judge(picture(0, 0, 0, source(), counters(3)));

        assertThat(proof.mode()).isEqualTo(ProvenMode.UNCHANGED);
        assertThat(proof.evidence()).singleElement().asString().contains("expected 4");
    }

    @Test
    void aVertexWithoutSubtasksProvesNothing() {
        LiveProof proof =
                LiveProof.judge(
                        picture(0, 0, 0, vertex(SOURCE), counters(2)),
                        picture(0, 0, 0, vertex(SOURCE), counters(4)),
                        COUNTER,
                        4);

        assertThat(proof.mode()).isEqualTo(ProvenMode.RESTART);
    }

    @Test
    void verticesAreFoundByNameAndAmbiguityIsRefused() {
        assertThat(BEFORE.vertexNamed("FlatMap-b").id()).isEqualTo(COUNTER);
        assertThat(BEFORE.vertexNamed("FlatMap-b").recordsWritten()).isEqualTo(18);
        assertThat(BEFORE.vertexNamed("FlatMap-b").recordsRead()).isEqualTo(14);
        assertThatThrownBy(() -> BEFORE.vertexNamed("FlatMap")).hasMessageContaining("found 2");
        assertThatThrownBy(() -> BEFORE.vertex("c")).hasMessageContaining("no vertex c");
    }
}
