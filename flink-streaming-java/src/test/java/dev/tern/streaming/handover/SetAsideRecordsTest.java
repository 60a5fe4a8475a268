package dev.tern.streaming.handover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

class SetAsideRecordsTest {

    @TempDir private File directory;

    @Test
    void givesBackInArrivalOrderUnitByUnit() throws Exception {
        SetAsideRecords records = records(1 << 20);
        records.add(7, out -> out.writeInt(1));
        records.add(8, out -> out.writeInt(2));
        records.add(7, out -> out.writeInt(3));

        assertThat(drained(records, 7)).containsExactly(1, 3);
        assertThat(drained(records, 8)).containsExactly(2);
        assertThat(records.isEmpty()).isTrue();
    }

    @Test
    void aUnitWithoutRecordsWaitedForNothing() throws Exception {
        assertThat(records(1).drain(3, in -> {})).isZero();
    }

    @Test
    void pastTheBoundTheLargestUnitGoesToAFile() throws Exception {
        SetAsideRecords records = records(40);
        for (int i = 0; i < 9; i++) {
            records.add(1, integer(i));
        }
        records.add(2, integer(100));
        assertThat(directory.list()).isEmpty();
        records.add(2, integer(101));
        assertThat(directory.list()).hasSize(1);
        assertThat(records.peakBytes()).isEqualTo(44);
        // What comes later for the unit stays behind what is in the file.
        records.add(1, integer(9));

        assertThat(drained(records, 1)).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
        assertThat(drained(records, 2)).containsExactly(100, 101);
        assertThat(directory.list()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13})
    void nothingIsLostWhateverTheBound(long seed) throws Exception {
        Random random = new Random(seed);
        SetAsideRecords records = records(random.nextInt(2_000));
        Map<Integer, List<Integer>> expected = new HashMap<>();
        for (int i = 0; i < 3_000; i++) {
            int keyGroup = random.nextInt(10);
            expected.computeIfAbsent(keyGroup, ignored -> new ArrayList<>()).add(i);
            records.add(keyGroup, integer(i));
            if (random.nextInt(500) == 0) {
                assertThat(drained(records, keyGroup)).isEqualTo(expected.remove(keyGroup));
            }
        }
        for (Map.Entry<Integer, List<Integer>> left : expected.entrySet()) {
            assertThat(drained(records, left.getKey())).isEqualTo(left.getValue());
        }
        assertThat(directory.list()).isEmpty();
    }

    @Test
    void theFirstErrorOfAReaderEndsTheDrain() throws Exception {
        SetAsideRecords records = records(100);
        records.add(1, integer(1));
        assertThatThrownBy(
                        () ->
                                records.drain(
                                        1,
                                        in -> {
                                            throw new IOException("user code failed");
                                        }))
                .hasMessage("user code failed");
    }

    @Test
    void whatGoesToDiskIsCounted() throws Exception {
        SetAsideRecords records = records(4);
        records.add(1, integer(1));
        assertThat(records.takeSpilledBytes()).isZero();
        records.add(1, integer(2));
        assertThat(records.takeSpilledBytes()).isEqualTo(8);
        assertThat(records.takeSpilledBytes()).isZero();
        assertThat(records.peakBytes()).isEqualTo(8);
    }

    @Test
    void closingLeavesNoFile() throws Exception {
        SetAsideRecords records = records(0);
        records.add(1, integer(1));
        assertThat(directory.list()).hasSize(1);
        records.close();
        assertThat(directory.list()).isEmpty();
    }

    private SetAsideRecords records(long memoryBytes) {
        return new SetAsideRecords(memoryBytes, new File[] {directory});
    }

    private static SetAsideRecords.RecordWriter integer(int value) {
        return out -> out.writeInt(value);
    }

    private static List<Integer> drained(SetAsideRecords records, int keyGroup) throws Exception {
        List<Integer> values = new ArrayList<>();
        records.drain(keyGroup, in -> values.add(in.readInt()));
        return values;
    }
}
