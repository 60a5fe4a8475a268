package dev.tern.streaming.state;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.Map;

/** State that expires does so at the new owner too, when it is read. */
@ExtendWith(OnRocks.class)
class RocksTimeToLiveTest {

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
            // Compaction filters see entries with a time of their own, and must not drop any yet.
            Compactions.compact(right);
            right.send(key, -1);
            right.harness.setStateTtlProcessingTime(90);
            right.send(key, 2);
            right.harness.setStateTtlProcessingTime(120);
            right.send(key, -1);
            assertThat(right.output())
                    .containsExactly(key + ": 1 of 1 ", key + ": 2 of 1 2 ", key + ": 2 of 2 ");
        }
    }

    /** Also where nobody reads them: compactions of the new owner drop what has expired. */
    @ParameterizedTest
    @EnumSource
    void compactionsOfTheNewOwnerDropWhatHasExpired(Transport transport) throws Exception {
        try (HarnessSubtask left = HarnessSubtask.open(TtlFunction.operator(), 2, 0).widen();
                HarnessSubtask right = HarnessSubtask.open(TtlFunction.operator(), 2, 1).widen()) {
            left.harness.setStateTtlProcessingTime(0);
            left.send(HarnessSubtask.keyOf(GROUP, 0), 1);
            left.harness.setStateTtlProcessingTime(60);
            left.send(HarnessSubtask.keyOf(GROUP, 1), 1);
            transport.move(left, right, GROUP);
            right.harness.setStateTtlProcessingTime(99);
            Compactions.compact(right);
            assertThat(RawEntries.byKeyGroup(right)).containsExactly(Map.entry(GROUP, 4));
            right.harness.setStateTtlProcessingTime(120);
            Compactions.compact(right);
            assertThat(RawEntries.byKeyGroup(right)).containsExactly(Map.entry(GROUP, 2));
            right.harness.setStateTtlProcessingTime(161);
            Compactions.compact(right);
            assertThat(RawEntries.byKeyGroup(right)).isEmpty();
        }
    }
}
