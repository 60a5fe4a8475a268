package dev.tern.client.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.flink.api.common.JobID;

import dev.tern.rescale.request.RescaleMode;
import dev.tern.rescale.request.RescaleOutcome;
import dev.tern.rescale.request.RescaleRequest;
import dev.tern.rescale.request.RescaleState;
import dev.tern.rescale.rest.RescaleAcceptedBody;
import dev.tern.rescale.rest.RescaleCheckBody;
import dev.tern.rescale.rest.RescaleDetailsBody;
import dev.tern.rescale.rest.RescaleSubmitResponseBody;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** What each command prints and exits with. */
class RescaleActionTest {

    private static final JobID JOB = new JobID();
    private static final RescaleClientException NOBODY =
            new RescaleClientException(
                    RescaleClientException.Kind.UNREACHABLE, "Nobody answers.", null);

    private final ScriptedCluster cluster = new ScriptedCluster();
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private int pauses;

    @Test
    void withoutWaitingItSaysHowToFollow() throws Exception {
        assertThat(run(rescale(false, false))).isZero();
        assertThat(lines())
                .containsExactly(
                        "Rescale " + Bodies.ID + " of job " + JOB + " has started.",
                        "`flink rescale " + JOB + " --status` shows how it stands.");
        assertThat(cluster.submitted).isEqualTo(rescale(false, false).request());
    }

    @Test
    void withoutWaitingJsonIsTheAnswer() throws Exception {
        assertThat(run(rescale(false, true))).isZero();
        assertThat(lines())
                .containsExactly("{\"rescaleId\":\"" + Bodies.ID + "\",\"together\":[]}");
    }

    @Test
    void saysWhatIsRescaledTogether() throws Exception {
        cluster.answer = new RescaleAcceptedBody(Bodies.ID, List.of("Mapper", "Writer"));
        assertThat(run(rescale(false, false))).isZero();
        assertThat(lines())
                .contains(
                        "Rescaled with it, since pointwise edges connect them: \"Mapper\","
                                + " \"Writer\".");
    }

    @Test
    void waitingShowsEachStateOnce() throws Exception {
        cluster.looks.add(Bodies.running(RescaleState.PREFLIGHT));
        cluster.looks.add(Bodies.running(RescaleState.PREFLIGHT));
        cluster.looks.add(Bodies.running(RescaleState.PREFLIGHT, RescaleState.MIGRATE));
        cluster.looks.add(Bodies.completed());
        assertThat(run(rescale(true, false))).isZero();
        assertThat(lines())
                .hasSize(5)
                .startsWith(
                        RescaleText.headline(Bodies.completed()),
                        "    0.000 s  PREFLIGHT",
                        "    0.100 s  MIGRATE",
                        "    0.200 s  COMPLETED")
                .last()
                .asString()
                .startsWith("Completed in 0.300 s without a restart.");
        assertThat(pauses).isEqualTo(3);
    }

    @Test
    void abortingWaitsForTheEndAndSaysWhereItStopped() throws Exception {
        RescaleDetailsBody stopped =
                Bodies.ended(
                        RescaleMode.LIVE,
                        "",
                        RescaleOutcome.ABORTED,
                        "Stopped after step 1 of 2.",
                        RescaleState.MIGRATE,
                        RescaleState.COMMIT,
                        RescaleState.ABORTED);
        cluster.looks.add(Bodies.running(RescaleState.MIGRATE));
        cluster.looks.add(stopped);
        assertThat(run(abort())).isZero();
        assertThat(lines())
                .containsExactly(RescaleText.headline(stopped), RescaleText.result(stopped));
        assertThat(RescaleText.result(stopped)).startsWith("Stopped after").endsWith("Stopped after step 1 of 2.");
        assertThat(pauses).isEqualTo(1);
    }

    @Test
    void abortingTooLateIsAnError() throws Exception {
        cluster.looks.add(Bodies.completed());
        assertThat(run(abort())).isEqualTo(1);
    }

    private static RescaleArguments abort() {
        return new RescaleArguments(
                JOB, RescaleRequest.empty(), RescaleArguments.View.ABORT, false, false);
    }

    @Test
    void waitingForJsonPrintsOnlyTheEnd() throws Exception {
        cluster.looks.add(Bodies.running(RescaleState.PREFLIGHT));
        cluster.looks.add(Bodies.completed());
        assertThat(run(rescale(true, true))).isZero();
        assertThat(lines()).containsExactly(RescaleAction.toJson(Bodies.completed()));
    }

    @Test
    void whatDidNotCompleteExitsWithOne() throws Exception {
        for (RescaleOutcome outcome :
                List.of(RescaleOutcome.FAILED, RescaleOutcome.ABORTED, RescaleOutcome.IGNORED)) {
            cluster.looks.add(
                    Bodies.ended(RescaleMode.LIVE, "", outcome, "Gone.", RescaleState.ABORTED));
            assertThat(run(rescale(true, false))).as(outcome.name()).isEqualTo(1);
            assertThat(lines()).last().asString().endsWith("Gone.");
        }
    }

    @Test
    void aRestartCountsOnlyIfItWasAllowed() throws Exception {
        RescaleDetailsBody restarted =
                Bodies.ended(
                        RescaleMode.RESTART,
                        "It is a source.",
                        RescaleOutcome.COMPLETED,
                        null,
                        RescaleState.RESTARTED);
        cluster.looks.add(restarted);
        assertThat(run(rescale(true, false))).isEqualTo(1);
        cluster.looks.add(restarted);
        assertThat(
                        run(
                                arguments(
                                        RescaleRequest.of(null, 4, null, null, false, true),
                                        RescaleArguments.View.RESCALE,
                                        true,
                                        false)))
                .isZero();
    }

    @Test
    void aChangeToARestartIsAnnounced() throws Exception {
        cluster.looks.add(Bodies.running(RescaleState.PREFLIGHT));
        cluster.looks.add(
                Bodies.ended(
                        RescaleMode.RESTART,
                        "A task did not answer.",
                        RescaleOutcome.COMPLETED,
                        null,
                        RescaleState.PREFLIGHT,
                        RescaleState.RESTARTED));
        assertThat(run(rescale(true, false))).isEqualTo(1);
        assertThat(lines())
                .contains("A task did not answer.")
                .anyMatch(line -> line.endsWith("by restarting the job"));
    }

    @Test
    void waitingOutlivesALeaderChange() throws Exception {
        cluster.looks.add(NOBODY);
        cluster.looks.add(NOBODY);
        cluster.looks.add(Bodies.completed());
        assertThat(run(rescale(true, false))).isZero();
        assertThat(pauses).isEqualTo(2);
    }

    @Test
    void waitingGivesUpWhenNobodyComesBack() {
        for (int i = 0; i < RescaleAction.MAX_UNREACHABLE; i++) {
            cluster.looks.add(NOBODY);
        }
        assertThatThrownBy(() -> run(rescale(true, false))).isSameAs(NOBODY);
    }

    @Test
    void waitingDoesNotRepeatARefusedLook() {
        RescaleClientException refused =
                new RescaleClientException(
                        RescaleClientException.Kind.REFUSED, "No such rescale.", null);
        cluster.looks.add(refused);
        assertThatThrownBy(() -> run(rescale(true, false))).isSameAs(refused);
        assertThat(pauses).isZero();
    }

    @Test
    void aDryRunPrintsThePlan() throws Exception {
        cluster.answer = Bodies.plan();
        RescaleRequest request = RescaleRequest.of(null, 4, null, null, true, false);
        assertThat(run(arguments(request, RescaleArguments.View.DRY_RUN, false, false))).isZero();
        assertThat(lines()).isEqualTo(RescaleText.plan(Bodies.plan().toReport(), false));
        assertThat(run(arguments(request, RescaleArguments.View.DRY_RUN, false, true))).isZero();
        assertThat(lines()).containsExactly(RescaleAction.toJson(Bodies.plan()));
    }

    @Test
    void theStatusIsTheNewestRescale() throws Exception {
        assertThat(run(status(false))).isZero();
        assertThat(lines()).containsExactly("Job " + JOB + " has not been rescaled.");
        assertThat(run(status(true))).isZero();
        assertThat(lines()).containsExactly("null");
        cluster.history =
                List.of(Bodies.running(RescaleState.PREFLIGHT), Bodies.completed());
        assertThat(run(status(false))).isZero();
        assertThat(lines()).last().asString().startsWith("64 key groups");
        assertThat(run(status(true))).isZero();
        assertThat(lines())
                .containsExactly(
                        RescaleAction.toJson(Bodies.running(RescaleState.PREFLIGHT)));
    }

    @Test
    void aCheckPrintsEveryVertex() throws Exception {
        RescaleArguments check =
                arguments(RescaleRequest.empty(), RescaleArguments.View.CHECK, false, false);
        assertThat(run(check)).isZero();
        assertThat(lines())
                .containsExactly(
                        "\"Source\" (" + Bodies.ID + "), 2 of at most 64 subtasks",
                        "  more or fewer  restart: only with --allow-restart",
                        "                 It is a source.",
                        "\"Counter\" (" + Bodies.ID + "), 64 of at most 64 subtasks",
                        "  Rescaled with it, since pointwise edges connect them: \"Writer\".",
                        "  more           refused",
                        "                 It is full.",
                        "  fewer          live: while the job runs");
        assertThat(cluster.submitted).isNull();
    }

    private int run(RescaleArguments arguments) throws Exception {
        printed.reset();
        return new RescaleAction(
                        cluster,
                        new PrintStream(printed, true, StandardCharsets.UTF_8),
                        duration -> pauses++)
                .run(arguments);
    }

    private List<String> lines() {
        return printed.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private static RescaleArguments rescale(boolean await, boolean json) {
        return arguments(
                RescaleRequest.of(null, 4, null, null, false, false),
                RescaleArguments.View.RESCALE,
                await,
                json);
    }

    private static RescaleArguments status(boolean json) {
        return arguments(
                RescaleRequest.empty(), RescaleArguments.View.STATUS, false, json);
    }

    private static RescaleArguments arguments(
            RescaleRequest request, RescaleArguments.View view, boolean await, boolean json) {
        return new RescaleArguments(JOB, request, view, await, json);
    }

    /** A cluster that answers as it was told. */
    private static final class ScriptedCluster implements RescaleClient {

        private RescaleSubmitResponseBody answer = new RescaleAcceptedBody(Bodies.ID, List.of());
        private List<RescaleDetailsBody> history = List.of();
        private RescaleRequest submitted;

        /** For each look at the rescale a body or an exception. */
        private final Deque<Object> looks = new ArrayDeque<>();

        @Override
        public RescaleSubmitResponseBody submit(JobID jobId, RescaleRequest request) {
            assertThat(jobId).isEqualTo(JOB);
            submitted = request;
            return answer;
        }

        @Override
        public String abort(JobID jobId) {
            assertThat(jobId).isEqualTo(JOB);
            return Bodies.ID;
        }

        @Override
        public RescaleCheckBody check(JobID jobId) {
            assertThat(jobId).isEqualTo(JOB);
            return Bodies.check();
        }

        @Override
        public List<RescaleDetailsBody> history(JobID jobId) {
            assertThat(jobId).isEqualTo(JOB);
            return history;
        }

        @Override
        public RescaleDetailsBody details(JobID jobId, String rescaleId)
                throws RescaleClientException {
            assertThat(rescaleId).isEqualTo(Bodies.ID);
            Object look = looks.remove();
            if (look instanceof RescaleClientException failure) {
                throw failure;
            }
            return (RescaleDetailsBody) look;
        }
    }
}
