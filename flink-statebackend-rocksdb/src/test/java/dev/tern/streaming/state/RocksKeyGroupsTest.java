package dev.tern.streaming.state;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.flink.runtime.checkpoint.CheckpointType;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;

import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The first and the last key groups at the limits of their number: up to 128 of them are named in
 * one byte, up to 32768 in two.
 */
@ExtendWith(OnRocks.WithTimers.class)
class RocksKeyGroupsTest {

    /** Of an odd key group, an even one, those at the ends, and those in the middle. */
    private static Stream<Integer> keyGroups(int max) {
        return Stream.of(0, 1, 5, max / 2 - 1, max / 2, max / 2 + 1, max - 2, max - 1);
    }

    @ParameterizedTest
    @ValueSource(ints = {127, 128, 129, 255, 256, 257, 32768})
    void moveAndComeBackFromScatteredOwners(int max) throws Exception {
        int[] owners =
                IntStream.range(0, max)
                        .map(kg -> KeyGroupRangeAssignment.computeOperatorIndexForKeyGroup(max, 2, kg))
                        .toArray();
        try (HarnessSubtask left = open(max, 0).widen();
                HarnessSubtask right = open(max, 1).widen()) {
            List<HarnessSubtask> both = List.of(left, right);
            for (int keyGroup : keyGroups(max).toList()) {
                both.get(owners[keyGroup]).send(HarnessSubtask.keyOf(keyGroup, 0, max), 300);
            }
            for (int keyGroup : new int[] {1, max / 2 - 1, max / 2, max - 1}) {
                int from = owners[keyGroup];
                int[] leaving = withNeighbours(keyGroup, max);
                Transport.BY_BYTES.move(both.get(from), both.get(1 - from), leaving);
                Arrays.fill(owners, leaving[0], leaving[leaving.length - 1] + 1, 1 - from);
            }
            for (int subtask = 0; subtask < 2; subtask++) {
                assertThat(RawEntries.byKeyGroup(both.get(subtask)).keySet())
                        .containsExactlyElementsOf(ownedBy(owners, subtask, max));
            }
            FiledSnapshot snapshot =
                    FiledSnapshot.of(both, owners, CheckpointType.CHECKPOINT);
            List<String> output = new ArrayList<>();
            for (int parallelism : new int[] {2, 3}) {
                for (int subtask = 0; subtask < parallelism; subtask++) {
                    output.addAll(restored(snapshot, max, parallelism, subtask));
                }
                assertThat(output).containsExactlyInAnyOrderElementsOf(
                        keyGroups(max)
                                .map(keyGroup -> HarnessSubtask.keyOf(keyGroup, 0, max))
                                .map(key -> key + " EVENT_TIME 300: [300]")
                                .toList());
                output.clear();
            }
        }
    }

    /** If there are many they move by the eighth, or a checkpoint would be filed at one each. */
    private static int[] withNeighbours(int keyGroup, int max) {
        int together = max > 1000 ? max / 8 : 1;
        int first = keyGroup / together * together;
        return IntStream.range(first, first + together).toArray();
    }

    /** Everything that a restored subtask says; what it holds is its own. */
    private static List<String> restored(
            FiledSnapshot snapshot, int max, int parallelism, int subtask) throws Exception {
        try (HarnessSubtask restored =
                HarnessSubtask.restore(
                        RecorderFunction.operator(),
                        max,
                        parallelism,
                        subtask,
                        snapshot.assigned(parallelism, subtask))) {
            assertThat(RawEntries.byKeyGroup(restored).keySet())
                    .allMatch(restored.backend().getKeyGroupRange()::contains);
            restored.watermark(300);
            return restored.output();
        }
    }

    private static HarnessSubtask open(int max, int subtask) throws Exception {
        return HarnessSubtask.restore(RecorderFunction.operator(), max, 2, subtask, null);
    }

    private static List<Integer> ownedBy(int[] owners, int subtask, int max) {
        return keyGroups(max).filter(keyGroup -> owners[keyGroup] == subtask).sorted().toList();
    }
}
