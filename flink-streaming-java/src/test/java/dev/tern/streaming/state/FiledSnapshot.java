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
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.runtime.state.SharedStateRegistry;
import org.apache.flink.runtime.state.SharedStateRegistryImpl;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/** A checkpoint of subtasks with any ownership, filed, written and read as the JobMaster does. */
final class FiledSnapshot {

    /** As the JobMaster's: incremental checkpoints name files of earlier ones by their keys. */
    private static final SharedStateRegistry REGISTRY = new SharedStateRegistryImpl();

    private static final AtomicLong CHECKPOINTS = new AtomicLong();

    private final OperatorState state;

    private FiledSnapshot(OperatorState state) {
        this.state = state;
    }

    /** At the end of a migration. */
    static FiledSnapshot of(List<HarnessSubtask> subtasks, int[] owners, SnapshotType type)
            throws Exception {
        settle(subtasks, owners);
        return betweenSteps(subtasks, owners, type);
    }

    /** Like {@link #of}, without metadata, in which files would be relative to one directory. */
    static FiledSnapshot unwritten(List<HarnessSubtask> subtasks, int[] owners, SnapshotType type)
            throws Exception {
        settle(subtasks, owners);
        return new FiledSnapshot(filed(subtasks, owners, type));
    }

    /** In the middle of a migration, with the ownership of that moment. */
    static FiledSnapshot betweenSteps(
            List<HarnessSubtask> subtasks, int[] owners, SnapshotType type) throws Exception {
        return new FiledSnapshot(throughMetadata(filed(subtasks, owners, type)));
    }

    private static OperatorState filed(
            List<HarnessSubtask> subtasks, int[] owners, SnapshotType type) throws Exception {
        long checkpoint = CHECKPOINTS.incrementAndGet();
        OperatorState reported =
                new OperatorState(
                        "keyed",
                        null,
                        HarnessSubtask.OPERATOR_ID,
                        subtasks.size(),
                        owners.length);
        for (int subtask = 0; subtask < subtasks.size(); subtask++) {
            reported.putState(
                    subtask,
                    subtasks.get(subtask)
                            .harness
                            .snapshotWithLocalState(checkpoint, 1, type)
                            .getJobManagerOwnedState());
        }
        reported.registerSharedStates(REGISTRY, checkpoint);
        return CheckpointFiling.file(reported, owners);
    }

    private static void settle(List<HarnessSubtask> subtasks, int[] owners) throws Exception {
        for (int subtask = 0; subtask < subtasks.size(); subtask++) {
            settle(subtasks.get(subtask).state(), owners, subtask, subtasks.size());
        }
    }

    private static void settle(TaskKeyedState state, int[] owners, int subtask, int parallelism)
            throws Exception {
        int[] owned =
                IntStream.range(0, owners.length).filter(kg -> owners[kg] == subtask).toArray();
        if (owned.length > 0) {
            state.rebase(KeyGroupRange.of(owned[0], owned[owned.length - 1]));
        }
        state.settle(CheckpointFiling.isRanges(owners, parallelism));
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
        KeyGroupRange range =
                KeyGroupRangeAssignment.computeKeyGroupRangeForOperatorIndex(
                        state.getMaxParallelism(), parallelism, subtask);
        return OperatorSubtaskState.builder()
                .setManagedKeyedState(
                        new StateObjectCollection<>(
                                StateAssignmentOperation.getManagedKeyedStateHandles(
                                        state, range)))
                .setRawKeyedState(
                        new StateObjectCollection<>(
                                StateAssignmentOperation.getRawKeyedStateHandles(state, range)))
                .build();
    }
}
