package dev.tern.streaming.state;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.checkpoint.CheckpointType;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.SavepointType;
import org.apache.flink.runtime.checkpoint.SnapshotType;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What a subtask with any set of key groups writes is restored as if it had never moved. */
class SnapshotsTest {

    private static final int MAX = HarnessSubtask.MAX_PARALLELISM;

    static Stream<SnapshotType> formats() {
        return Stream.of(
                CheckpointType.CHECKPOINT,
                SavepointType.savepoint(SavepointFormatType.CANONICAL),
                SavepointType.savepoint(SavepointFormatType.NATIVE));
    }

    @ParameterizedTest
    @MethodSource("formats")
    void aScatteredOwnershipIsRestoredAtEveryParallelism(SnapshotType format) throws Exception {
        int[] owners = new int[MAX];
        List<HarnessSubtask> subtasks = openAll(3);
        try {
            for (int keyGroup = 0; keyGroup < MAX; keyGroup++) {
                int home =
                        KeyGroupRangeAssignment.computeOperatorIndexForKeyGroup(MAX, 3, keyGroup);
                owners[keyGroup] = keyGroup * 5 % 3;
                subtasks.get(home).send(HarnessSubtask.keyOf(keyGroup, 0), 300 + keyGroup);
                if (home != owners[keyGroup]) {
                    Transport.BY_REFERENCE.move(
                            subtasks.get(home), subtasks.get(owners[keyGroup]), keyGroup);
                }
            }
            FiledSnapshot snapshot = FiledSnapshot.of(subtasks, owners, format);
            for (int parallelism : new int[] {1, 2, 3, 4, 7, MAX}) {
                assertEverythingIsThereOnce(snapshot, parallelism);
            }
        } finally {
            closeAll(subtasks);
        }
    }

    private static void assertEverythingIsThereOnce(FiledSnapshot snapshot, int parallelism)
            throws Exception {
        List<String> output = new ArrayList<>();
        for (int subtask = 0; subtask < parallelism; subtask++) {
            KeyGroupRange range =
                    KeyGroupRangeAssignment.computeKeyGroupRangeForOperatorIndex(
                            MAX, parallelism, subtask);
            try (HarnessSubtask restored =
                    HarnessSubtask.restore(
                            RecorderFunction.operator(),
                            parallelism,
                            subtask,
                            snapshot.assigned(parallelism, subtask))) {
                restored.watermark(1000);
                restored.harness.setProcessingTime(1000);
                for (int keyGroup : range) {
                    restored.send(HarnessSubtask.keyOf(keyGroup, 0), 2);
                }
                output.addAll(restored.output());
            }
        }
        List<String> expected = new ArrayList<>();
        for (int keyGroup = 0; keyGroup < MAX; keyGroup++) {
            int key = HarnessSubtask.keyOf(keyGroup, 0);
            int number = 300 + keyGroup;
            expected.add(key + ": [" + number + ", 2]");
            if (number % 3 < 2) {
                String domain = number % 3 == 0 ? "EVENT_TIME" : "PROCESSING_TIME";
                expected.add(key + " " + domain + " " + number + ": [" + number + "]");
            }
        }
        assertThat(output)
                .as("restored at parallelism %d", parallelism)
                .containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void aRebasedSubtaskThatOwnsItsRangeAgainIsRestoredAsItIs() throws Exception {
        int key = HarnessSubtask.keyOf(3, 0);
        OperatorSubtaskState snapshot;
        try (HarnessSubtask subtask = HarnessSubtask.open(RecorderFunction.operator(), 2, 0)) {
            subtask.send(key, 9);
            subtask.widen();
            subtask.state().rebase(KeyGroupRange.of(0, 7));
            snapshot = subtask.harness.snapshot(1, 1);
        }
        assertThat(snapshot.getManagedKeyedState().iterator().next().getKeyGroupRange())
                .isEqualTo(KeyGroupRange.of(0, 7));
        try (HarnessSubtask restored =
                HarnessSubtask.restore(RecorderFunction.operator(), 2, 0, snapshot)) {
            restored.watermark(9);
            assertThat(restored.output()).containsExactly(key + " EVENT_TIME 9: [9]");
        }
    }

    private static List<HarnessSubtask> openAll(int parallelism) throws Exception {
        List<HarnessSubtask> subtasks = new ArrayList<>();
        for (int subtask = 0; subtask < parallelism; subtask++) {
            subtasks.add(
                    HarnessSubtask.open(RecorderFunction.operator(), parallelism, subtask).widen());
        }
        return subtasks;
    }

    private static void closeAll(List<HarnessSubtask> subtasks) throws Exception {
        for (HarnessSubtask subtask : subtasks) {
            subtask.close();
        }
    }
}
