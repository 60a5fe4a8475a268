package dev.tern.rescale.transfer;

import org.apache.flink.api.common.JobID;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.concurrent.CompletableFuture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SessionsTest {

    private static final JobID JOB = new JobID();
    private static final Sessions.Offer OFFER =
            new Sessions.Offer(unit -> new CompletableFuture<>(), null);

    private static TransferSession session(String owner, long epoch) {
        return new TransferSession(JOB, owner, epoch);
    }

    @Test
    void anOlderEpochIsStale() {
        assertThat(Sessions.refusal(session("a", 3), List.of(session("b", 9), session("a", 4))))
                .isEqualTo("stale epoch 3: this owner serves epoch 4");
    }

    @Test
    void aLaterEpochIsUnknown() {
        assertThat(Sessions.refusal(session("a", 5), List.of(session("a", 4))))
                .isEqualTo("unknown epoch 5: this owner serves epoch 4");
    }

    @Test
    void anotherOwnerIsUnknown() {
        assertThat(Sessions.refusal(session("a", 5), List.of(session("b", 5))))
                .isEqualTo(
                        "no units of job "
                                + JOB
                                + ", owner a, epoch 5 are served here; they never were, or were"
                                + " withdrawn");
    }

    @Test
    void aSessionIsServedOnce() {
        Sessions sessions = new Sessions();
        sessions.serve(session("a", 1), OFFER);

        assertThatThrownBy(() -> sessions.serve(session("a", 1), OFFER))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("epoch 1 are already served");
        sessions.serve(session("a", 2), OFFER);
    }

    @Test
    void aWithdrawnSessionMayBeServedAgain() {
        Sessions sessions = new Sessions();
        sessions.serve(session("a", 1), OFFER);

        assertThat(sessions.withdraw(session("a", 1))).isCompleted();
        assertThat(sessions.withdraw(session("a", 1))).isCompleted();

        sessions.serve(session("a", 1), OFFER);
    }
}
