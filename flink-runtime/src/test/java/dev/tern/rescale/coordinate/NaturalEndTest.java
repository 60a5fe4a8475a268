package dev.tern.rescale.coordinate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tern.rescale.control.TaskReply;
import dev.tern.rescale.coordinate.NaturalEnd.Unreachable;

import org.apache.flink.runtime.execution.ExecutionState;
import org.apache.flink.runtime.operators.coordination.TaskNotRunningException;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletionException;

class NaturalEndTest {

    private static final Throwable NOT_RUNNING =
            new CompletionException(new TaskNotRunningException("not here"));

    @Test
    void aTaskThatHasFinishedIsNoLoss() {
        assertThat(NaturalEnd.of(ExecutionState.FINISHED, NOT_RUNNING))
                .isEqualTo(Unreachable.FINISHED);
    }

    @Test
    void aTaskThatSeemsToRunMayBeAboutToFinish() {
        assertThat(NaturalEnd.of(ExecutionState.RUNNING, NOT_RUNNING))
                .isEqualTo(Unreachable.ENDING);
    }

    @Test
    void everythingElseIs() {
        assertThat(NaturalEnd.of(ExecutionState.RUNNING, new IOException("connection lost")))
                .isEqualTo(Unreachable.LOST);
        assertThat(NaturalEnd.of(ExecutionState.FAILED, NOT_RUNNING)).isEqualTo(Unreachable.LOST);
        assertThat(NaturalEnd.of(ExecutionState.DEPLOYING, NOT_RUNNING))
                .isEqualTo(Unreachable.LOST);
    }

    @Test
    void beforeAnythingHasMovedNobodyMayBeMissing() {
        List<TaskReply> all = List.of(new TaskReply.Done(), new TaskReply.Done());
        assertThat(NaturalEnd.requireNone(all, i -> "task " + i)).isSameAs(all);
        assertThatThrownBy(
                        () ->
                                NaturalEnd.requireNone(
                                        List.of(new TaskReply.Done(), new TaskReply.Finished()),
                                        i -> "task " + i))
                .isInstanceOf(RescaleException.class)
                .hasMessage(
                        "task 1 has reached the end of its input and has finished; the job is about"
                                + " to end.");
    }
}
