package dev.tern.streaming.state;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

/** What the heap knows of key groups without reading them. */
class HeapNumbersTest {

    private static final int GROUP = 3;

    @Test
    void aUnitKnowsItsEntriesAndTimers() throws Exception {
        try (HarnessSubtask subtask = HarnessSubtask.open(RecorderFunction.operator(), 1, 0)) {
            subtask.send(HarnessSubtask.keyOf(GROUP, 0), 9);
            subtask.send(HarnessSubtask.keyOf(GROUP, 1), 2);
            assertThat(subtask.state().detach(GROUP).toString())
                    .isEqualTo("unit 3 (2 entries, 1 timers of 1 operators)");
        }
    }

    @Test
    void sizesFollowTheEntries() throws Exception {
        try (HarnessSubtask subtask = HarnessSubtask.open(RecorderFunction.operator(), 1, 0)) {
            int small = HarnessSubtask.keyOf(5, 0);
            subtask.send(small, 2);
            for (int i = 0; i < 300; i++) {
                subtask.send(HarnessSubtask.keyOf(GROUP, i % 10), 2);
            }
            Map<Integer, Long> bytes = subtask.state().keyGroupBytes(List.of(GROUP, 5, 7));
            // Ten lists of 30 longs, each with namespace, key and length.
            assertThat(bytes.get(GROUP)).isBetween(2000L, 3000L);
            assertThat(bytes.get(5)).isBetween(10L, 300L);
            assertThat(bytes.get(7)).isZero();
        }
    }
}
