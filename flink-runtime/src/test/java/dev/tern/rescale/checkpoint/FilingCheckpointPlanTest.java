package dev.tern.rescale.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.flink.runtime.checkpoint.CheckpointPlan;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.executiongraph.Execution;
import org.apache.flink.runtime.executiongraph.ExecutionJobVertex;
import org.apache.flink.runtime.executiongraph.ExecutionVertex;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyGroupRangeOffsets;
import org.apache.flink.runtime.state.KeyGroupsStateHandle;
import org.apache.flink.runtime.state.memory.ByteStreamStateHandle;
import org.apache.flink.util.FlinkRuntimeException;

import org.junit.jupiter.api.Test;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

class FilingCheckpointPlanTest {

    private static final OperatorID MOVED = new OperatorID(1, 1);
    private static final OperatorID OTHER = new OperatorID(2, 2);
    private static final OperatorID UNREPORTED = new OperatorID(3, 3);

    @Test
    void filesTheOperatorsWhoseOwnersAreGivenAfterFlinkLookedAtThem() {
        RecordingPlan flinks = new RecordingPlan();
        OperatorState moved = state(MOVED);
        OperatorState other = state(OTHER);
        Map<OperatorID, OperatorState> states = new HashMap<>(Map.of(MOVED, moved, OTHER, other));

        int[] owners = {0, 1, 1, 0};
        new FilingCheckpointPlan(flinks, Map.of(MOVED, owners, UNREPORTED, owners))
                .fulfillFinishedTaskStatus(states);

        assertThat(flinks.seen).containsExactlyInAnyOrder(moved, other);
        assertThat(states).containsOnlyKeys(MOVED, OTHER).containsEntry(OTHER, other);
        assertThat(states.get(MOVED).getParallelism()).isEqualTo(4);
    }

    @Test
    void aStateThatCannotBeFiledFailsTheCheckpoint() {
        Map<OperatorID, OperatorState> states = new HashMap<>(Map.of(MOVED, state(MOVED)));
        FilingCheckpointPlan plan =
                new FilingCheckpointPlan(
                        new RecordingPlan(), Map.of(MOVED, new int[] {0, 1, 5, 0}));
        assertThatThrownBy(() -> plan.fulfillFinishedTaskStatus(states))
                .isInstanceOf(FlinkRuntimeException.class)
                .hasMessageContaining("owned by subtask 5")
                .hasMessageContaining(MOVED.toString());
    }

    private static OperatorState state(OperatorID operator) {
        OperatorState state = new OperatorState("op", null, operator, 2, 4);
        for (int subtask = 0; subtask < 2; subtask++) {
            state.putState(
                    subtask,
                    OperatorSubtaskState.builder()
                            .setManagedKeyedState(
                                    new KeyGroupsStateHandle(
                                            new KeyGroupRangeOffsets(
                                                    KeyGroupRange.of(0, 3),
                                                    new long[] {1, 2, 3, 4}),
                                            new ByteStreamStateHandle("state", new byte[5])))
                            .build());
        }
        return state;
    }

    /** Remembers the states it was shown. */
    private static final class RecordingPlan implements CheckpointPlan {

        private Collection<OperatorState> seen = List.of();

        @Override
        public void fulfillFinishedTaskStatus(Map<OperatorID, OperatorState> operatorStates) {
            seen = List.copyOf(operatorStates.values());
        }

        @Override
        public List<Execution> getTasksToTrigger() {
            return List.of();
        }

        @Override
        public List<Execution> getTasksToWaitFor() {
            return List.of();
        }

        @Override
        public List<ExecutionVertex> getTasksToCommitTo() {
            return List.of();
        }

        @Override
        public List<Execution> getFinishedTasks() {
            return List.of();
        }

        @Override
        public Collection<ExecutionJobVertex> getFullyFinishedJobVertex() {
            return List.of();
        }

        @Override
        public boolean mayHaveFinishedTasks() {
            return false;
        }

        @Override
        public void reportTaskFinishedOnRestore(ExecutionVertex task) {}

        @Override
        public void reportTaskHasFinishedOperators(ExecutionVertex task) {}
    }
}
