package dev.tern.rescale.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.rescale.plan.MinimalPlacement;
import dev.tern.rescale.plan.Ownership;

import org.apache.flink.core.fs.Path;
import org.apache.flink.runtime.checkpoint.MasterState;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.apache.flink.runtime.checkpoint.metadata.MetadataV6Serializer;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.state.IncrementalKeyedStateHandle.HandleAndLocalPath;
import org.apache.flink.runtime.state.IncrementalRemoteKeyedStateHandle;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyGroupRangeOffsets;
import org.apache.flink.runtime.state.KeyGroupsStateHandle;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.StreamStateHandle;
import org.apache.flink.runtime.state.filesystem.FileStateHandle;
import org.apache.flink.runtime.state.memory.ByteStreamStateHandle;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.Function;

/**
 * However often a job is rescaled, the metadata of its checkpoints, as Flink writes them, is at most
 * twice what stock Flink writes at that parallelism. The job is a quarter of one with a thousand
 * subtasks and 32,768 key groups, which has the same proportions.
 */
class MetadataSizeTest {

    private static final int KEY_GROUPS = 8_192;
    private static final int HEADER_BYTES = 400;

    /** Where the state of a subtask is. */
    private enum Kind {
        FILE(range -> keyGroups(range, file())),
        IN_MEMORY(
                range ->
                        keyGroups(
                                range,
                                new ByteStreamStateHandle(
                                        UUID.randomUUID().toString(), new byte[HEADER_BYTES]))),
        DATABASE(MetadataSizeTest::database);

        private final Function<KeyGroupRange, KeyedStateHandle> handle;

        Kind(Function<KeyGroupRange, KeyedStateHandle> handle) {
            this.handle = handle;
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void isAtMostTwiceThatOfStock(Kind kind) throws Exception {
        Random random = new Random(17);
        List<Integer> sequence = new ArrayList<>(List.of(300, 275, 276, 250, 249, 500));
        random.ints(6, 175, 375).forEach(sequence::add);
        Ownership current = Ownership.contiguous(KEY_GROUPS, 250);
        for (int parallelism : sequence) {
            current = new MinimalPlacement().place(current, parallelism);
            OperatorState filed =
                    CheckpointFiling.file(state(kind, current), current.toTable());
            long stock = bytes(state(kind, Ownership.contiguous(KEY_GROUPS, parallelism)));
            // The one or the other name is some bytes longer.
            assertThat(bytes(filed))
                    .as("%d subtasks", parallelism)
                    .isLessThanOrEqualTo(2 * stock + stock / 100);
        }
    }

    private static OperatorState state(Kind kind, Ownership ownership) {
        OperatorState state =
                new OperatorState(
                        "op", "uid", new OperatorID(1, 2), ownership.parallelism(), KEY_GROUPS);
        for (int subtask = 0; subtask < ownership.parallelism(); subtask++) {
            KeyGroupRange hull = Ownership.hullOf(ownership.ownedBy(subtask));
            state.putState(
                    subtask,
                    OperatorSubtaskState.builder()
                            .setManagedKeyedState(kind.handle.apply(hull))
                            .build());
        }
        return state;
    }

    private static KeyedStateHandle keyGroups(KeyGroupRange range, StreamStateHandle stream) {
        KeyGroupRangeOffsets offsets = new KeyGroupRangeOffsets(range);
        for (int keyGroup : range) {
            offsets.setKeyGroupOffset(keyGroup, HEADER_BYTES);
        }
        return new KeyGroupsStateHandle(offsets, stream);
    }

    private static KeyedStateHandle database(KeyGroupRange range) {
        List<HandleAndLocalPath> files = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            files.add(HandleAndLocalPath.of(file(), "00000" + i + ".sst"));
        }
        return new IncrementalRemoteKeyedStateHandle(
                UUID.randomUUID(), range, 1, files, List.of(), file());
    }

    private static StreamStateHandle file() {
        return new FileStateHandle(
                new Path("file:/checkpoints/0123456789abcdef/chk-17/" + UUID.randomUUID()), 1);
    }

    private static long bytes(OperatorState state) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        MetadataV6Serializer.INSTANCE.serialize(
                new CheckpointMetadata(1, List.of(state), List.<MasterState>of()),
                new DataOutputStream(bytes));
        return bytes.size();
    }
}
