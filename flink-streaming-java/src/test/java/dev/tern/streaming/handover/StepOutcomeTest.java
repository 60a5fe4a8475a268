package dev.tern.streaming.handover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.rescale.control.TaskReply;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

class StepOutcomeTest {

    private final List<TaskReply> heard = new ArrayList<>();
    private final StepOutcome outcome = new StepOutcome();

    @Test
    void whoAsksBeforeAndWhoAsksAfterHearTheSame() {
        outcome.whenKnown(heard::add);
        assertThat(outcome.isKnown()).isFalse();
        outcome.end(new TaskReply.Done());
        assertThat(outcome.isKnown()).isTrue();
        outcome.whenKnown(heard::add);
        assertThat(heard).containsExactly(new TaskReply.Done(), new TaskReply.Done());
    }

    @Test
    void theFirstEndCounts() {
        outcome.whenKnown(heard::add);
        outcome.end(new TaskReply.Failed("lost"));
        outcome.end(new TaskReply.Done());
        assertThat(heard).containsExactly(new TaskReply.Failed("lost"));
    }
}
