package dev.tern.streaming.state;

import dev.tern.rescale.checkpoint.CheckpointFiling;

import org.apache.flink.runtime.checkpoint.MasterState;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.SnapshotType;
import org.apache.flink.runtime.checkpoint.StateAssignmentOperation;
import org.apache.flink.runtime.checkpoint.StateObjectCollection;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.apache.flink.runtime.checkpoint.metadata.MetadataV6Serializer;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.util.List;

/** A checkpoint of subtasks with any ownership, filed, written and read as the JobMaster does. */
final class FiledSnapshot {

    private final OperatorState state;

    private FiledSnapshot(OperatorState state) {
        this.state = state;
    }

    static FiledSnapshot of(List<HarnessSubtask> subtasks, int[] owners, SnapshotType type)
            throws Exception {
        OperatorState reported =
                new OperatorState(
                        "keyed",
                        null,
                        HarnessSubtask.OPERATOR_ID,
                        subtasks.size(),
                        HarnessSubtask.MAX_PARALLELISM);
        for (int subtask = 0; subtask < subtasks.size(); subtask++) {
            reported.putState(
                    subtask,
                    subtasks.get(subtask)
                            .harness
                            .snapshotWithLocalState(1, 1, type)
                            .getJobManagerOwnedState());
        }
        return new FiledSnapshot(throughMetadata(CheckpointFiling.file(reported, owners)));
    }

    private static OperatorState throughMetadata(OperatorState state) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        MetadataV6Serializer.INSTANCE.serialize(
                new CheckpointMetadata(1, List.of(state), List.<MasterState>of()),
                new DataOutputStream(bytes));
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()));
        return MetadataV6Serializer.INSTANCE
                .deserialize(in, FiledSnapshot.class.getClassLoader(), "file:/unused")
                .getOperatorStates()
                .iterator()
                .next();
    }

    /** What stock Flink gives a subtask when it restores at a parallelism. */
    OperatorSubtaskState assigned(int parallelism, int subtask) {
        if (parallelism == state.getParallelism()) {
            return state.getState(subtask);
        }
        return OperatorSubtaskState.builder()
                .setManagedKeyedState(
                        new StateObjectCollection<>(
                                StateAssignmentOperation.getManagedKeyedStateHandles(
                                        state,
                                        KeyGroupRangeAssignment
                                                .computeKeyGroupRangeForOperatorIndex(
                                                        state.getMaxParallelism(),
                                                        parallelism,
                                                        subtask))))
                .build();
    }
}
