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
import java.util.stream.IntStream;
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
        int[] owners = IntStream.range(0, MAX).map(keyGroup -> keyGroup * 5 % 3).toArray();
        List<HarnessSubtask> subtasks = openAll(3);
        try {
            fillAndMove(subtasks, owners);
            assertRestores(FiledSnapshot.of(subtasks, owners, format));
        } finally {
            closeAll(subtasks);
        }
    }

    /** Two of three subtasks have given each other a key group from beyond those of the third. */
    @ParameterizedTest
    @MethodSource("formats")
    void aCheckpointBetweenTwoStepsIsRestoredAtEveryParallelism(SnapshotType format)
            throws Exception {
        int[] owners = IntStream.range(0, MAX).map(SnapshotsTest::home).toArray();
        owners[1] = 2;
        owners[MAX - 2] = 0;
        List<HarnessSubtask> subtasks = openAll(3);
        try {
            fillAndMove(subtasks, owners);
            assertRestores(FiledSnapshot.betweenSteps(subtasks, owners, format));
        } finally {
            closeAll(subtasks);
        }
    }

    private static int home(int keyGroup) {
        return KeyGroupRangeAssignment.computeOperatorIndexForKeyGroup(MAX, 3, keyGroup);
    }

    private static void fillAndMove(List<HarnessSubtask> subtasks, int[] owners)
            throws Exception {
        for (int keyGroup = 0; keyGroup < MAX; keyGroup++) {
            HarnessSubtask home = subtasks.get(home(keyGroup));
            HarnessSubtask owner = subtasks.get(owners[keyGroup]);
            home.send(HarnessSubtask.keyOf(keyGroup, 0), 300 + keyGroup);
            if (home != owner) {
                Transport.BY_REFERENCE.move(home, owner, keyGroup);
            }
        }
    }

    private static void assertRestores(FiledSnapshot snapshot) throws Exception {
        for (int parallelism : new int[] {1, 2, 3, 4, 7, MAX}) {
            assertEverythingIsThereOnce(snapshot, parallelism);
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
