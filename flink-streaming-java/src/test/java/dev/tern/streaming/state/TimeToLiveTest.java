package dev.tern.streaming.state;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.StateEntry;
import org.apache.flink.runtime.state.heap.HeapKeyedStateBackend;
import org.apache.flink.runtime.state.heap.StateTable;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.Iterator;

/** State that expires does so at the new owner too, and cleaning it up does not go astray. */
class TimeToLiveTest {

    private static final int GROUP = 3;

    @ParameterizedTest
    @EnumSource
    void expiryIsCountedFromTheWriteAtTheOldOwner(Transport transport) throws Exception {
        try (HarnessSubtask left = HarnessSubtask.open(TtlFunction.operator(), 2, 0).widen();
                HarnessSubtask right = HarnessSubtask.open(TtlFunction.operator(), 2, 1).widen()) {
            int key = HarnessSubtask.keyOf(GROUP, 0);
            left.harness.setStateTtlProcessingTime(0);
            left.send(key, 1);
            right.harness.setStateTtlProcessingTime(60);
            transport.move(left, right, GROUP);
            right.send(key, -1);
            right.harness.setStateTtlProcessingTime(90);
            right.send(key, 2);
            right.harness.setStateTtlProcessingTime(120);
            right.send(key, -1);
            assertThat(right.output())
                    .containsExactly(key + ": 1 of 1 ", key + ": 2 of 1 2 ", key + ": 2 of 2 ");
        }
    }

    /**
     * The incremental clean-up stands in the middle of a map when that map leaves, and the range
     * changes under its index. Elements that expired partly make it write, if it is not restarted,
     * into a key group that is not theirs.
     */
    @ParameterizedTest
    @EnumSource
    void theCleanUpStartsOverWhenKeyGroupsMove(Transport transport) throws Exception {
        try (HarnessSubtask left = HarnessSubtask.open(TtlFunction.operator(), 1, 0);
                HarnessSubtask right = HarnessSubtask.open(TtlFunction.operator(), 2, 1).widen()) {
            left.harness.setStateTtlProcessingTime(0);
            sendToAllKeys(left);
            left.harness.setStateTtlProcessingTime(80);
            sendToAllKeys(left);
            for (int keyGroup = 0; keyGroup < 9; keyGroup++) {
                // First elements have expired, second ones have not: a visit rewrites the list.
                left.harness.setStateTtlProcessingTime(120);
                left.send(HarnessSubtask.keyOf(12, keyGroup % 8), -1);
                transport.move(left, right, keyGroup);
                left.state().rebase(KeyGroupRange.of(keyGroup + 1, 15));
                for (int i = 0; i < 20; i++) {
                    left.send(HarnessSubtask.keyOf(12, i % 8), -1);
                    right.send(HarnessSubtask.keyOf(keyGroup, i % 8), -1);
                }
                assertKeysAreAtHome(left);
                assertKeysAreAtHome(right);
            }
            right.harness.setStateTtlProcessingTime(500);
            for (int i = 0; i < 2000; i++) {
                right.send(HarnessSubtask.keyOf(0, 0), -1);
            }
            assertThat(right.state().ownedNonEmpty()).isEmpty();
        }
    }

    private static void sendToAllKeys(HarnessSubtask subtask) throws Exception {
        for (int keyGroup = 0; keyGroup < HarnessSubtask.MAX_PARALLELISM; keyGroup++) {
            for (int i = 0; i < 8; i++) {
                subtask.send(HarnessSubtask.keyOf(keyGroup, i), 1);
            }
        }
    }

    private static void assertKeysAreAtHome(HarnessSubtask subtask) {
        HeapKeyedStateBackend<?> backend = (HeapKeyedStateBackend<?>) subtask.backend();
        for (StateTable<?, ?, ?> table : backend.registeredKVStates.values()) {
            for (int keyGroup : backend.getKeyGroupRange()) {
                Iterator<? extends StateEntry<?, ?, ?>> entries =
                        table.getMapForKeyGroup(keyGroup).iterator();
                while (entries.hasNext()) {
                    int key = (Integer) entries.next().getKey();
                    assertThat(HarnessSubtask.keyGroupOf(key))
                            .as("key %d", key)
                            .isEqualTo(keyGroup);
                }
            }
        }
    }
}
