package dev.tern.rescale.hooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class LiveTaskInfoTest {

    private final LiveTaskInfo info = new LiveTaskInfo("COUNT", 64, 1, 2, 3, "slot");

    @Test
    void theNumberOfSubtasksFollowsARescaleAndNothingElseDoes() {
        assertThat(info.getNumberOfParallelSubtasks()).isEqualTo(2);
        info.rescaled(5);
        assertThat(info.getNumberOfParallelSubtasks()).isEqualTo(5);
        assertThat(info.getTaskName()).isEqualTo("COUNT");
        assertThat(info.getIndexOfThisSubtask()).isEqualTo(1);
        assertThat(info.getMaxNumberOfParallelSubtasks()).isEqualTo(64);
        assertThat(info.getAttemptNumber()).isEqualTo(3);
        assertThat(info.getAllocationIDAsString()).isEqualTo("slot");
        assertThat(info.getTaskNameWithSubtasks()).isEqualTo("COUNT (2/2)#3");
    }

    @Test
    void aSubtaskThatIsGoneIsNotTold() {
        assertThatThrownBy(() -> info.rescaled(1))
                .hasMessage("COUNT (2/2)#3 cannot be one of 1 subtasks.");
        assertThatThrownBy(() -> info.rescaled(65)).hasMessageContaining("65 subtasks");
    }
}
