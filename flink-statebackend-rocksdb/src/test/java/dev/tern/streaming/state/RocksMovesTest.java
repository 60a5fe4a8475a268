package dev.tern.streaming.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tern.streaming.state.rocksdb.RocksStateMover;

import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.runtime.checkpoint.CheckpointType;
import org.apache.flink.state.rocksdb.RocksDBKeyedStateBackend;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** What is particular to databases: deleted ranges, files, and readers on other threads. */
@ExtendWith(OnRocks.WithTimers.class)
class RocksMovesTest {

    private static final int GROUP = 3;
    private static final int KEY = HarnessSubtask.keyOf(GROUP, 0);

    private HarnessSubtask left;
    private HarnessSubtask right;

    @BeforeEach
    void open() throws Exception {
        left = HarnessSubtask.open(RecorderFunction.operator(), 2, 0).widen();
        right = HarnessSubtask.open(RecorderFunction.operator(), 2, 1).widen();
    }

    @AfterEach
    void close() throws Exception {
        left.close();
        right.close();
    }

    @Test
    void theMoverIsFound() throws Exception {
        assertThat(OperatorInspection.mover(left.backend())).containsInstanceOf(
                RocksStateMover.class);
        assertThat(left.state().obstacles(true)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void nothingIsLeftBehind(Transport transport) throws Exception {
        for (int keyGroup = 0; keyGroup < HarnessSubtask.MAX_PARALLELISM; keyGroup++) {
            left.send(HarnessSubtask.keyOf(keyGroup, 0), 300);
        }
        transport.move(left, right, 1, 2, 3, 7, 15);
        assertThat(RawEntries.byKeyGroup(left).keySet())
                .containsExactly(0, 4, 5, 6, 8, 9, 10, 11, 12, 13, 14);
        assertThat(RawEntries.byKeyGroup(right).keySet()).containsExactly(1, 2, 3, 7, 15);
    }

    /** A deleted key must not come back when its key group does, nor through a restore. */
    @ParameterizedTest
    @EnumSource
    void whatWasDeletedElsewhereDoesNotComeBack(Transport transport) throws Exception {
        close();
        left = HarnessSubtask.open(ForgettingFunction.operator(), 2, 0).widen();
        right = HarnessSubtask.open(ForgettingFunction.operator(), 2, 1).widen();
        int other = HarnessSubtask.keyOf(GROUP, 1);
        left.send(KEY, 5);
        left.send(other, 6);
        Compactions.flushToFiles(left);
        for (int round = 0; round < 3; round++) {
            transport.move(left, right, GROUP);
            right.send(KEY, ForgettingFunction.FORGET);
            transport.move(right, left, GROUP);
            assertThat(RawEntries.byKeyGroup(left)).containsEntry(GROUP, 1);
            assertThat(RawEntries.byKeyGroup(right)).isEmpty();
            Compactions.flushToFiles(left);
            Compactions.compact(left);
        }
        left.output();
        left.send(KEY, -1);
        left.send(other, -1);
        assertThat(left.output()).containsExactly(KEY + ": null", other + ": 6");

        int[] owners = new int[HarnessSubtask.MAX_PARALLELISM];
        for (int keyGroup = 1; keyGroup < owners.length; keyGroup += 2) {
            owners[keyGroup] = keyGroup == GROUP ? 0 : 1;
        }
        FiledSnapshot snapshot =
                FiledSnapshot.of(List.of(left, right), owners, CheckpointType.CHECKPOINT);
        try (HarnessSubtask restored =
                HarnessSubtask.restore(
                        ForgettingFunction.operator(), 2, 0, snapshot.assigned(2, 0))) {
            restored.send(KEY, -1);
            restored.send(other, -1);
            assertThat(restored.output()).containsExactly(KEY + ": null", other + ": 6");
        }
    }

    /** Restored from a database of more key groups, a subtask has its own and no others. */
    @Test
    void aRestoreFromScatteredKeyGroupsLeavesNoStrangers() throws Exception {
        int[] owners = new int[HarnessSubtask.MAX_PARALLELISM];
        for (int keyGroup = 0; keyGroup < owners.length; keyGroup++) {
            owners[keyGroup] = keyGroup % 2;
            (owners[keyGroup] == 0 ? left : right).send(HarnessSubtask.keyOf(keyGroup, 0), 300);
        }
        FiledSnapshot snapshot =
                FiledSnapshot.of(List.of(left, right), owners, CheckpointType.CHECKPOINT);
        for (int parallelism : new int[] {1, 2, 3, 5, 16}) {
            for (int subtask = 0; subtask < parallelism; subtask++) {
                try (HarnessSubtask restored =
                        HarnessSubtask.restore(
                                RecorderFunction.operator(),
                                parallelism,
                                subtask,
                                snapshot.assigned(parallelism, subtask))) {
                    List<Integer> own = new ArrayList<>();
                    restored.backend().getKeyGroupRange().forEach(own::add);
                    assertThat(RawEntries.byKeyGroup(restored).keySet())
                            .containsExactlyElementsOf(own);
                    assertThat(RawEntries.byKeyGroup(restored).values()).containsOnly(2);
                }
            }
        }
    }

    @Test
    void aUnitIsReadAfterItsKeyGroupWasWrittenAnew() throws Exception {
        left.send(KEY, 2);
        TaskKeyedState state = left.state();
        DetachedUnit unit = state.detach(GROUP);
        left.send(KEY, 5);
        Compactions.compact(left);
        DataOutputSerializer out = new DataOutputSerializer(64);
        state.encoder().write(unit, out);
        unit.close();
        right.state().adopt(state.schema());
        right.state()
                .install(
                        right.state()
                                .decoder(state.schema())
                                .read(GROUP, new DataInputDeserializer(out.getCopyOfBuffer())));
        right.send(KEY, 8);
        assertThat(right.output()).containsExactly(KEY + ": [2, 8]");
    }

    @Test
    void aUnitThatNobodyTookDoesNotKeepTheTaskFromEnding() throws Exception {
        left.send(KEY, 2);
        TaskKeyedState state = left.state();
        DetachedUnit unit = state.detach(GROUP);
        UnitEncoder encoder = state.encoder();
        left.close();
        assertThatThrownBy(() -> encoder.write(unit, new DataOutputSerializer(64)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("has ended");
        unit.close();
    }

    @Test
    void bytesForAKeyGroupThatIsNotEmptyAreRefused() throws Exception {
        left.send(KEY, 2);
        right.send(KEY, 5);
        assertThatThrownBy(() -> Transport.BY_BYTES.move(left, right, GROUP))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("already has state for it");
    }

    /** Whether carried as bytes or not; where the limit lies, and with more written on top. */
    @ParameterizedTest
    @CsvSource({"0,true", "1048576,true", "1048576,false", "2000000000,false"})
    void whatIsBeyondALimitArrivesAsAFile(long fileBytes, boolean carried) throws Exception {
        close();
        left = HarnessSubtask.open(BulkFunction.operator(), 2, 0).widen();
        right = HarnessSubtask.open(BulkFunction.operator(), 2, 1).widen();
        int[] keys =
                IntStream.range(0, 50_000)
                        .filter(key -> HarnessSubtask.keyGroupOf(key) == GROUP)
                        .toArray();
        assertThat(keys.length * BulkFunction.VALUE_BYTES).isGreaterThan(5 << 19);
        for (int key : keys) {
            left.send(key, 1);
        }
        move(left, right, fileBytes, carried);
        RocksDBKeyedStateBackend<?> backend = (RocksDBKeyedStateBackend<?>) right.backend();
        if (fileBytes < 1 << 30) {
            assertThat(backend.db.getLiveFilesMetaData()).isNotEmpty();
        }
        assertThat(backend.instanceBasePath.list((dir, name) -> name.startsWith("arriving-")))
                .isEmpty();
        right.send(keys[0], 2);
        move(right, left, fileBytes, carried);
        left.send(keys[1], 3);
        assertThat(RawEntries.byKeyGroup(right)).isEmpty();
        assertThat(RawEntries.byKeyGroup(left)).containsExactly(Map.entry(GROUP, 2 * keys.length));
        for (int i : new int[] {0, 1, 2, keys.length - 1}) {
            left.send(keys[i], -1);
            long last = i == 0 ? 2 : i == 1 ? 3 : 1;
            assertThat(left.output())
                    .containsExactly(
                            Arrays.hashCode(BulkFunction.bytes(keys[i], last))
                                    + (last == 1 ? " [1]" : " [1, " + last + "]"));
        }
    }

    private static void move(
            HarnessSubtask source, HarnessSubtask target, long fileBytes, boolean carried)
            throws Exception {
        StateMover mover = new RocksStateMover(fileBytes);
        MovableState from = mover.open(source.backend(), List::of);
        MovableState to = mover.open(target.backend(), List::of);
        OperatorUnit unit = from.detach(List.of(GROUP)).get(GROUP);
        if (carried) {
            DataOutputSerializer out = new DataOutputSerializer(1 << 20);
            from.encoder().write(unit, out);
            unit.close();
            unit =
                    to.decoder(from.schema())
                            .read(GROUP, new DataInputDeserializer(out.getCopyOfBuffer()));
        }
        to.install(GROUP, unit);
    }

    /** Of values that compress well in a file, and of the same in the memory table. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void sizesAreThoseOfTheEntriesHoweverStored(boolean inFiles) throws Exception {
        for (int i = 0; i < 60_000; i++) {
            left.send(HarnessSubtask.keyOf(GROUP, i % 20), 2);
        }
        if (inFiles) {
            Compactions.flushToFiles(left);
            Compactions.compact(left);
        }
        Map<Integer, Long> bytes = left.state().keyGroupBytes(List.of(GROUP, 4));
        // Twenty lists of 3000 longs and delimiters.
        assertThat(bytes.get(GROUP)).isBetween(20 * 3000 * 9 / 2L, 20 * 3000 * 9 * 4L);
        assertThat(bytes.get(4)).isLessThan(1000);
    }

    /**
     * Files of key groups that have left go at once, but not while somebody may still read them; what
     * is left is what was there.
     */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void filesOfWhatHasLeftAreDroppedUnlessThereIsASnapshot(boolean fetchedLater)
            throws Exception {
        close();
        left = HarnessSubtask.open(BulkFunction.operator(), 2, 0).widen();
        right = HarnessSubtask.open(BulkFunction.operator(), 2, 1).widen();
        for (int key = 0; key < 8_000; key++) {
            left.send(key, 1);
        }
        Compactions.flushToFiles(left);
        Compactions.compact(left);
        long before = fileBytes(left);
        Map<Integer, Integer> entries = RawEntries.byKeyGroup(left);
        List<Integer> leaving = IntStream.range(4, 12).boxed().toList();

        right.state().adopt(left.state().schema());
        List<DetachedUnit> units = left.state().detachAll(leaving);
        UnitEncoder encoder = left.state().encoder();
        if (fetchedLater) {
            left.state().settle(true);
            assertThat(fileBytes(left)).isEqualTo(before);
        }
        for (DetachedUnit unit : units) {
            DataOutputSerializer out = new DataOutputSerializer(1 << 20);
            encoder.write(unit, out);
            unit.close();
            right.state()
                    .install(
                            right.state()
                                    .decoder(left.state().schema())
                                    .read(
                                            unit.keyGroup(),
                                            new DataInputDeserializer(out.getCopyOfBuffer())));
        }
        left.state().settle(true);
        right.state().settle(true);

        assertThat(fileBytes(left)).isLessThan(before * 6 / 10);
        Map<Integer, Integer> moved = RawEntries.byKeyGroup(right);
        assertThat(moved.keySet()).containsExactlyElementsOf(leaving);
        moved.putAll(RawEntries.byKeyGroup(left));
        assertThat(moved).isEqualTo(entries);
    }

    private static long fileBytes(HarnessSubtask subtask) {
        return ((RocksDBKeyedStateBackend<?>) subtask.backend())
                .db.getLiveFilesMetaData().stream().mapToLong(file -> file.size()).sum();
    }
}
