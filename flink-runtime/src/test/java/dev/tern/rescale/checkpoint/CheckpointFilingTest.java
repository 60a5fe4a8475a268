package dev.tern.rescale.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.Path;
import org.apache.flink.runtime.checkpoint.FullyFinishedOperatorState;
import org.apache.flink.runtime.checkpoint.MasterState;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.StateAssignmentOperation;
import org.apache.flink.runtime.checkpoint.StateObjectCollection;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.apache.flink.runtime.checkpoint.metadata.MetadataV6Serializer;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.runtime.state.KeyGroupRangeOffsets;
import org.apache.flink.runtime.state.KeyGroupsSavepointStateHandle;
import org.apache.flink.runtime.state.KeyGroupsStateHandle;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.StreamStateHandle;
import org.apache.flink.runtime.state.changelog.SequenceNumber;
import org.apache.flink.runtime.state.changelog.inmemory.InMemoryChangelogStateHandle;
import org.apache.flink.runtime.state.filesystem.FileStateHandle;
import org.apache.flink.runtime.state.memory.ByteStreamStateHandle;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;

/**
 * A handle's stream is a header and then, for each key group of its range, "kg@subtask;" if the
 * subtask owns it and "-;" if not. What a restore reads must be "kg@owner" for each key group.
 */
class CheckpointFilingTest {

    private static final String HEADER = "header;";
    private static final OperatorID OPERATOR = new OperatorID(1, 2);

    @TempDir private java.nio.file.Path directory;

    @Test
    void contiguousOwnershipIsLeftAlone() throws Exception {
        int[] owners = {0, 0, 1, 1};
        OperatorState state = state(owners, 2, KeyGroupsStateHandle::new, this::inMemory);
        assertThat(CheckpointFiling.file(state, owners)).isSameAs(state);
    }

    @Test
    void finishedAndStatelessOperatorsAreLeftAlone() throws Exception {
        OperatorState finished = new FullyFinishedOperatorState("op", "uid", OPERATOR, 2, 4);
        assertThat(CheckpointFiling.file(finished, new int[] {1, 0, 1, 0})).isSameAs(finished);
        OperatorState stateless = new OperatorState("op", "uid", OPERATOR, 2, 4);
        stateless.putState(0, OperatorSubtaskState.builder().build());
        assertThat(CheckpointFiling.file(stateless, new int[] {1, 0, 1, 0})).isSameAs(stateless);
    }

    @Test
    void aWideHullIsCutEvenIfOwnershipIsContiguous() throws Exception {
        int[] owners = {0, 0, 1, 1};
        OperatorState state = new OperatorState("op", "uid", OPERATOR, 2, 4);
        for (int subtask = 0; subtask < 2; subtask++) {
            state.putState(
                    subtask,
                    subtaskState(
                            handle(
                                    owners,
                                    subtask,
                                    KeyGroupRange.of(0, 3),
                                    KeyGroupsSavepointStateHandle::new,
                                    this::inMemory)));
        }
        OperatorState filed = CheckpointFiling.file(state, owners);
        assertThat(filed.getParallelism()).isEqualTo(2);
        assertThat(filed.getState(1).getManagedKeyedState().iterator().next().getKeyGroupRange())
                .isEqualTo(KeyGroupRange.of(2, 3));
        assertEveryRestore(filed, owners);
    }

    @Test
    void theFiledParallelismIsTheLeastAtWhichRangesHaveSingleOwners() {
        assertThat(CheckpointFiling.filedParallelism(new int[] {1, 1, 0, 0}, 2)).isEqualTo(2);
        assertThat(CheckpointFiling.filedParallelism(new int[] {0, 0, 0, 0, 0, 0, 1, 1}, 2))
                .isEqualTo(3);
        assertThat(CheckpointFiling.filedParallelism(new int[] {0, 1, 0, 0, 0, 0, 0, 0}, 2))
                .isEqualTo(8);
        assertThat(CheckpointFiling.filedParallelism(new int[] {0, 0, 1, 1, 2, 2, 0, 0}, 3))
                .isEqualTo(4);
    }

    @Test
    void everyOwnershipIsRestoredRightAtEveryParallelism() throws Exception {
        Random random = new Random(7);
        for (int round = 0; round < 60; round++) {
            int max = 1 + random.nextInt(12);
            int parallelism = 1 + random.nextInt(max);
            int[] owners = random.ints(max, 0, parallelism).toArray();
            HandleKind kind =
                    round % 3 == 0 ? KeyGroupsSavepointStateHandle::new : KeyGroupsStateHandle::new;
            StreamKind stream = round % 2 == 0 ? this::inMemory : this::inFile;
            OperatorState filed =
                    CheckpointFiling.file(state(owners, parallelism, kind, stream), owners);
            assertEveryRestore(throughMetadata(filed), owners);
        }
    }

    @Test
    void stockMetadataHasRoomForOneHandlePerSubtaskOnly() {
        int[] owners = {0, 0, 1, 1};
        KeyedStateHandle one =
                handle(
                        owners,
                        0,
                        KeyGroupRange.of(0, 1),
                        KeyGroupsStateHandle::new,
                        this::inMemory);
        KeyedStateHandle other =
                handle(
                        owners,
                        1,
                        KeyGroupRange.of(2, 3),
                        KeyGroupsStateHandle::new,
                        this::inMemory);
        OperatorState state = new OperatorState("op", "uid", OPERATOR, 2, 4);
        state.putState(
                0,
                OperatorSubtaskState.builder()
                        .setManagedKeyedState(new StateObjectCollection<>(List.of(one, other)))
                        .build());
        assertThatThrownBy(() -> throughMetadata(state))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Expected singleton collection");
    }

    @Test
    void slicesOfInMemoryStateTogetherAreHardlyLargerThanTheWhole() throws Exception {
        int[] owners = {0, 1, 0, 1, 0, 1, 0, 1};
        OperatorState state = state(owners, 2, KeyGroupsStateHandle::new, this::inMemory);
        OperatorState filed = CheckpointFiling.file(state, owners);
        assertThat(filed.getStateSize())
                .isLessThanOrEqualTo(state.getStateSize() + 8L * HEADER.length());
    }

    @Test
    void otherPartsOfASubtaskStayWhereTheyAre() throws Exception {
        int[] owners = {1, 0, 1, 0};
        OperatorState state = state(owners, 2, KeyGroupsStateHandle::new, this::inMemory);
        state.setCoordinatorState(new ByteStreamStateHandle("coordinator", new byte[] {1}));
        OperatorState filed = CheckpointFiling.file(state, owners);
        assertThat(filed.getCoordinatorState()).isSameAs(state.getCoordinatorState());
        assertThat(filed.getOperatorID()).isEqualTo(OPERATOR);
        assertThat(filed.getOperatorUid()).contains("uid");
        assertThat(filed.getMaxParallelism()).isEqualTo(4);
        for (int subtask = 0; subtask < 2; subtask++) {
            assertThat(filed.getState(subtask).getManagedOperatorState())
                    .isEqualTo(state.getState(subtask).getManagedOperatorState());
        }
    }

    @Test
    void aFileSharedBySlicesMayBeDiscardedMoreThanOnce() throws Exception {
        int[] owners = {0, 1, 0, 1};
        OperatorState filed =
                CheckpointFiling.file(
                        state(owners, 2, KeyGroupsStateHandle::new, this::inFile), owners);
        filed.discardState();
        filed.discardState();
        try (var files = Files.list(directory)) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void handlesThatCannotBeDividedAreRefusedUnlessContiguous() throws Exception {
        OperatorState state = new OperatorState("op", "uid", OPERATOR, 2, 4);
        for (int subtask = 0; subtask < 2; subtask++) {
            state.putState(
                    subtask,
                    subtaskState(
                            new InMemoryChangelogStateHandle(
                                    List.of(),
                                    SequenceNumber.of(0),
                                    SequenceNumber.of(1),
                                    KeyGroupRange.of(0, 3))));
        }
        assertThat(CheckpointFiling.file(state, new int[] {0, 0, 1, 1})).isSameAs(state);
        assertThatThrownBy(() -> CheckpointFiling.file(state, new int[] {0, 1, 0, 1}))
                .isInstanceOf(CheckpointFilingException.class)
                .hasMessageContaining("InMemoryChangelogStateHandle")
                .hasMessageContaining("--placement contiguous");
    }

    @Test
    void anOwnershipOfAnotherShapeIsRefused() {
        int[] owners = {1, 0, 1, 0};
        OperatorState state = state(owners, 2, KeyGroupsStateHandle::new, this::inMemory);
        assertThatThrownBy(() -> CheckpointFiling.file(state, new int[] {1, 0}))
                .isInstanceOf(CheckpointFilingException.class)
                .hasMessageContaining("4 key groups, but the owners of 2");
        assertThatThrownBy(() -> CheckpointFiling.file(state, new int[] {1, 0, 2, 0}))
                .isInstanceOf(CheckpointFilingException.class)
                .hasMessageContaining("owned by subtask 2");
    }

    // ------------------------------------------------------------------------------------------

    /** Restores as stock Flink assigns: at the recorded parallelism as is, else by intersection. */
    private static void assertEveryRestore(OperatorState state, int[] owners) throws Exception {
        for (int parallelism = 1; parallelism <= state.getMaxParallelism(); parallelism++) {
            Map<Integer, List<String>> read = new TreeMap<>();
            for (int subtask = 0; subtask < parallelism; subtask++) {
                KeyGroupRange range =
                        KeyGroupRangeAssignment.computeKeyGroupRangeForOperatorIndex(
                                state.getMaxParallelism(), parallelism, subtask);
                Collection<KeyedStateHandle> handles =
                        parallelism == state.getParallelism()
                                ? state.getState(subtask).getManagedKeyedState()
                                : StateAssignmentOperation.getManagedKeyedStateHandles(
                                        state, range);
                for (KeyedStateHandle handle : handles) {
                    read((KeyGroupsStateHandle) handle, range, read);
                }
            }
            Map<Integer, List<String>> expected = new TreeMap<>();
            for (int keyGroup = 0; keyGroup < owners.length; keyGroup++) {
                expected.put(keyGroup, List.of(keyGroup + "@" + owners[keyGroup]));
            }
            assertThat(read)
                    .as("%s at parallelism %d", Arrays.toString(owners), parallelism)
                    .isEqualTo(expected);
        }
    }

    private static void read(
            KeyGroupsStateHandle handle, KeyGroupRange own, Map<Integer, List<String>> read)
            throws IOException {
        try (FSDataInputStream in = handle.openInputStream()) {
            String header = new String(in.readNBytes(HEADER.length()), StandardCharsets.UTF_8);
            assertThat(header).isEqualTo(HEADER);
            for (int keyGroup : handle.getKeyGroupRange()) {
                assertThat(own.contains(keyGroup)).isTrue();
                in.seek(handle.getOffsetForKeyGroup(keyGroup));
                StringBuilder value = new StringBuilder();
                for (int c = in.read(); c != ';'; c = in.read()) {
                    value.append((char) c);
                }
                read.computeIfAbsent(keyGroup, any -> new ArrayList<>()).add(value.toString());
            }
        }
    }

    static OperatorState throughMetadata(OperatorState state) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        MetadataV6Serializer.INSTANCE.serialize(
                new CheckpointMetadata(1, List.of(state), List.<MasterState>of()),
                new DataOutputStream(bytes));
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()));
        return MetadataV6Serializer.INSTANCE
                .deserialize(in, CheckpointFilingTest.class.getClassLoader(), "file:/unused")
                .getOperatorStates()
                .iterator()
                .next();
    }

    private interface HandleKind {
        KeyedStateHandle create(KeyGroupRangeOffsets offsets, StreamStateHandle stream);
    }

    private interface StreamKind {
        StreamStateHandle create(byte[] bytes);
    }

    private StreamStateHandle inMemory(byte[] bytes) {
        return new ByteStreamStateHandle(UUID.randomUUID().toString(), bytes);
    }

    private StreamStateHandle inFile(byte[] bytes) {
        try {
            java.nio.file.Path file = Files.createTempFile(directory, "state", "");
            Files.write(file, bytes);
            return new FileStateHandle(new Path(file.toUri()), bytes.length);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private OperatorState state(int[] owners, int parallelism, HandleKind kind, StreamKind stream) {
        OperatorState state = new OperatorState("op", "uid", OPERATOR, parallelism, owners.length);
        for (int subtask = 0; subtask < parallelism; subtask++) {
            KeyGroupRange hull = hull(owners, parallelism, subtask);
            state.putState(subtask, subtaskState(handle(owners, subtask, hull, kind, stream)));
        }
        return state;
    }

    private static OperatorSubtaskState subtaskState(KeyedStateHandle handle) {
        return OperatorSubtaskState.builder().setManagedKeyedState(handle).build();
    }

    /** What a subtask declares: the hull of what it owns; Flink's range if it owns nothing. */
    static KeyGroupRange hull(int[] owners, int parallelism, int subtask) {
        int first = -1;
        int last = -1;
        for (int keyGroup = 0; keyGroup < owners.length; keyGroup++) {
            if (owners[keyGroup] == subtask) {
                first = first < 0 ? keyGroup : first;
                last = keyGroup;
            }
        }
        return first < 0
                ? KeyGroupRangeAssignment.computeKeyGroupRangeForOperatorIndex(
                        owners.length, parallelism, subtask)
                : KeyGroupRange.of(first, last);
    }

    private static KeyedStateHandle handle(
            int[] owners, int subtask, KeyGroupRange hull, HandleKind kind, StreamKind stream) {
        StringBuilder content = new StringBuilder(HEADER);
        KeyGroupRangeOffsets offsets = new KeyGroupRangeOffsets(hull);
        for (int keyGroup : hull) {
            offsets.setKeyGroupOffset(keyGroup, content.length());
            content.append(owners[keyGroup] == subtask ? keyGroup + "@" + subtask : "-")
                    .append(';');
        }
        byte[] bytes = content.toString().getBytes(StandardCharsets.UTF_8);
        return kind.create(offsets, stream.create(bytes));
    }
}
