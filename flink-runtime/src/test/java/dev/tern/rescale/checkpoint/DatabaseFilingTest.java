package dev.tern.rescale.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.flink.core.fs.Path;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.StateAssignmentOperation;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.state.IncrementalKeyedStateHandle.HandleAndLocalPath;
import org.apache.flink.runtime.state.IncrementalRemoteKeyedStateHandle;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.SharedStateRegistryImpl;
import org.apache.flink.runtime.state.filesystem.FileStateHandle;
import org.apache.flink.runtime.state.memory.ByteStreamStateHandle;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;

/**
 * Whoever restores opens one of the databases it is given, deletes from it what its handle declares
 * beyond the wanted range, and adds the wanted range of the others. That must give the wanted range
 * and nothing else, whichever database is opened.
 */
class DatabaseFilingTest {

    private static final OperatorID OPERATOR = new OperatorID(1, 2);

    @TempDir private java.nio.file.Path directory;

    @Test
    void everyOwnershipIsRestoredRightAtEveryParallelism() throws Exception {
        Random random = new Random(11);
        for (int round = 0; round < 80; round++) {
            int max = 1 + random.nextInt(12);
            int parallelism = 1 + random.nextInt(Math.min(max, 9));
            int[] owners = random.ints(max, 0, parallelism).toArray();
            assertEveryRestore(
                    CheckpointFilingTest.throughMetadata(
                            CheckpointFiling.file(state(owners, parallelism), owners)),
                    owners);
        }
    }

    /** The largest number of key groups whose number fits into one byte of a key. */
    @Test
    void declaredRangesFitIntoThePrefixOfAKey() throws Exception {
        int[] owners = new int[128];
        owners[0] = 1;
        OperatorState filed = CheckpointFiling.file(state(owners, 2), owners);
        assertThat(filed.getParallelism()).isEqualTo(128);
        for (OperatorSubtaskState subtask : filed.getStates()) {
            KeyGroupRange range =
                    subtask.getManagedKeyedState().iterator().next().getKeyGroupRange();
            assertThat(range.getEndKeyGroup() + 1).isLessThanOrEqualTo(255);
        }
    }

    @Test
    void rangesOfOthersAreFiledOnceEachAsTheyAre() throws Exception {
        int[] owners = {2, 2, 0, 0, 1, 1};
        OperatorState state = state(owners, 3);
        OperatorState filed = CheckpointFiling.file(state, owners);
        assertThat(CheckpointFiling.isRanges(owners, 3)).isTrue();
        assertThat(filed.getParallelism()).isEqualTo(3);
        for (int subtask = 0; subtask < 3; subtask++) {
            assertThat(handle(filed, subtask)).isSameAs(handle(state, owners[2 * subtask]));
        }
        assertEveryRestore(filed, owners);
        assertThat(CheckpointFiling.isRanges(new int[] {0, 0, 0, 0}, 2)).isFalse();
        assertThat(CheckpointFiling.isRanges(new int[] {0, 1, 0, 1}, 2)).isFalse();
    }

    @Test
    void noSubtaskTakesItsLocalCopyForAnothersDatabase() throws Exception {
        int[] owners = {0, 1, 2, 0, 1, 2};
        OperatorState state = state(owners, 3);
        OperatorState filed = CheckpointFiling.file(state, owners);
        Set<KeyGroupRange> local = new HashSet<>();
        for (int subtask = 0; subtask < 3; subtask++) {
            local.add(handle(state, subtask).getKeyGroupRange());
        }
        Set<KeyGroupRange> declared = new HashSet<>();
        for (OperatorSubtaskState subtask : filed.getStates()) {
            KeyGroupRange range =
                    subtask.getManagedKeyedState().iterator().next().getKeyGroupRange();
            assertThat(local).doesNotContain(range);
            assertThat(declared.add(range)).as("%s twice", range).isTrue();
        }
    }

    @Test
    void sharedFilesOutliveTheCheckpointUntilNoOtherNeedsThem() throws Exception {
        int[] owners = {0, 1, 0, 1};
        OperatorState state = state(owners, 2);
        SharedStateRegistryImpl registry = new SharedStateRegistryImpl();
        state.registerSharedStates(registry, 1);
        OperatorState filed = CheckpointFiling.file(state, owners);
        filed.discardState();
        assertThat(files()).hasSize(2);
        registry.unregisterUnusedState(2);
        assertThat(files()).isEmpty();
    }

    // ------------------------------------------------------------------------------------------

    private static void assertEveryRestore(OperatorState state, int[] owners) {
        for (int parallelism = 1; parallelism <= state.getMaxParallelism(); parallelism++) {
            for (int subtask = 0; subtask < parallelism; subtask++) {
                KeyGroupRange range =
                        KeyGroupRangeAssignment.computeKeyGroupRangeForOperatorIndex(
                                state.getMaxParallelism(), parallelism, subtask);
                List<KeyedStateHandle> handles =
                        new ArrayList<>(
                                parallelism == state.getParallelism()
                                        ? state.getState(subtask).getManagedKeyedState()
                                        : StateAssignmentOperation.getManagedKeyedStateHandles(
                                                state, range));
                for (KeyedStateHandle opened : handles) {
                    assertThat(restored(opened, handles, range, owners))
                            .as(
                                    "%s at %d of %d, %s opened",
                                    Arrays.toString(owners), subtask, parallelism, opened)
                            .isEqualTo(bits(range));
                }
            }
        }
    }

    /** The key groups in the database afterwards. */
    private static BitSet restored(
            KeyedStateHandle opened,
            Collection<KeyedStateHandle> handles,
            KeyGroupRange range,
            int[] owners) {
        BitSet database = content(opened, owners);
        BitSet clipped = bits(opened.getKeyGroupRange());
        clipped.andNot(bits(range));
        database.andNot(clipped);
        for (KeyedStateHandle other : handles) {
            BitSet copied = content(other, owners);
            copied.and(bits(range));
            database.or(copied);
        }
        return database;
    }

    /** What is in the database of a handle: the key groups of its owner. */
    private static BitSet content(KeyedStateHandle handle, int[] owners) {
        int owner =
                (int)
                        ((IncrementalRemoteKeyedStateHandle) handle)
                                .getBackendIdentifier()
                                .getLeastSignificantBits();
        BitSet owned = new BitSet();
        for (int keyGroup = 0; keyGroup < owners.length; keyGroup++) {
            owned.set(keyGroup, owners[keyGroup] == owner);
        }
        return owned;
    }

    private static BitSet bits(KeyGroupRange range) {
        BitSet bits = new BitSet();
        bits.set(range.getStartKeyGroup(), range.getEndKeyGroup() + 1);
        return bits;
    }

    private OperatorState state(int[] owners, int parallelism) throws IOException {
        OperatorState state = new OperatorState("op", "uid", OPERATOR, parallelism, owners.length);
        for (int subtask = 0; subtask < parallelism; subtask++) {
            java.nio.file.Path file = Files.createTempFile(directory, "shared", ".sst");
            Files.write(file, new byte[] {1});
            IncrementalRemoteKeyedStateHandle handle =
                    new IncrementalRemoteKeyedStateHandle(
                            new UUID(0, subtask),
                            CheckpointFilingTest.hull(owners, parallelism, subtask),
                            1,
                            List.of(
                                    HandleAndLocalPath.of(
                                            new FileStateHandle(new Path(file.toUri()), 1),
                                            "000001.sst")),
                            List.of(),
                            new ByteStreamStateHandle("meta", new byte[0]));
            state.putState(
                    subtask, OperatorSubtaskState.builder().setManagedKeyedState(handle).build());
        }
        return state;
    }

    private static IncrementalRemoteKeyedStateHandle handle(OperatorState state, int subtask) {
        return (IncrementalRemoteKeyedStateHandle)
                state.getState(subtask).getManagedKeyedState().iterator().next();
    }

    private List<java.nio.file.Path> files() throws IOException {
        try (var files = Files.list(directory)) {
            return files.toList();
        }
    }
}
