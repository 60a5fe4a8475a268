package dev.tern.streaming.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.runtime.state.KeyGroupRange;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Every kind of keyed state moves, either way, as often as one likes. */
class StateKindsTest {

    private static final int GROUP = 3;

    @ParameterizedTest
    @EnumSource
    void allKindsOfStateMove(Transport transport) throws Exception {
        try (HarnessSubtask left = HarnessSubtask.open(AllStatesFunction.operator(), 2, 0);
                HarnessSubtask right = HarnessSubtask.open(AllStatesFunction.operator(), 2, 1)) {
            left.widen();
            right.widen();
            int key = HarnessSubtask.keyOf(GROUP, 0);
            int other = HarnessSubtask.keyOf(GROUP, 1);
            left.send(key, 7);
            left.send(key, 7);
            left.send(other, 1);

            transport.move(left, right, GROUP);

            assertThat(left.state().ownedNonEmpty()).isEmpty();
            assertThat(right.state().ownedNonEmpty()).containsExactly(GROUP);
            right.send(key, 5);
            right.send(other, -1);
            assertThat(right.output())
                    .containsExactly(
                            key + ": 5 [7, 7, 5] {5=1, 7=2} 19 7;7;5;",
                            other + ": 1 [1] {1=1} 1 1;");
            left.output();
            left.send(key, -1);
            assertThat(left.output()).containsExactly(key + ": null [] {} null null");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aUnitGoesBackAndForth(Transport transport) throws Exception {
        try (HarnessSubtask left = HarnessSubtask.open(AllStatesFunction.operator(), 2, 0);
                HarnessSubtask right = HarnessSubtask.open(AllStatesFunction.operator(), 2, 1)) {
            left.widen();
            right.widen();
            int key = HarnessSubtask.keyOf(GROUP, 0);
            for (int round = 0; round < 5; round++) {
                left.send(key, 1);
                transport.move(left, right, GROUP);
                right.send(key, 2);
                transport.move(right, left, GROUP);
            }
            left.output();
            left.send(key, -1);
            assertThat(left.output())
                    .containsExactly(
                            key
                                    + ": 2 [1, 2, 1, 2, 1, 2, 1, 2, 1, 2] {1=5, 2=5} 15"
                                    + " 1;2;1;2;1;2;1;2;1;2;");
        }
    }

    @Test
    void anEmptyUnitMovesToo() throws Exception {
        try (HarnessSubtask left = HarnessSubtask.open(AllStatesFunction.operator(), 2, 0);
                HarnessSubtask right = HarnessSubtask.open(AllStatesFunction.operator(), 2, 1)) {
            right.widen();
            DetachedUnit unit = left.state().detach(GROUP);
            assertThat(unit.isEmpty()).isTrue();
            right.state().install(Transport.BY_BYTES.carry(left.state(), right.state(), unit));
            assertThat(right.state().ownedNonEmpty()).isEmpty();
        }
    }

    @Test
    void rebaseRefusesToDropState() throws Exception {
        try (HarnessSubtask left = HarnessSubtask.open(AllStatesFunction.operator(), 2, 0)) {
            left.send(HarnessSubtask.keyOf(GROUP, 0), 1);
            assertThatThrownBy(() -> left.state().rebase(KeyGroupRange.of(4, 7)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("key group 3 is outside and not empty");
            assertThat(left.state().range()).isEqualTo(KeyGroupRange.of(0, 7));
            assertThat(left.state().ownedNonEmpty()).containsExactly(GROUP);
            assertThatThrownBy(() -> left.state().rebase(KeyGroupRange.of(0, 16)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void installRefusesWhatDoesNotFit() throws Exception {
        try (HarnessSubtask left = HarnessSubtask.open(AllStatesFunction.operator(), 2, 0);
                HarnessSubtask right = HarnessSubtask.open(AllStatesFunction.operator(), 2, 1)) {
            int key = HarnessSubtask.keyOf(GROUP, 0);
            left.send(key, 1);
            DetachedUnit unit = left.state().detach(GROUP);
            assertThatThrownBy(() -> right.state().install(unit))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("does not fit");
            right.widen();
            assertThatThrownBy(() -> right.state().install(unit))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("'late-text' is not registered here");
            right.send(key, 1);
            assertThatThrownBy(() -> right.state().install(unit))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("already has state");
            left.state().install(unit);
            left.output();
            left.send(key, -1);
            assertThat(left.output()).containsExactly(key + ": 1 [1] {1=1} 1 1;");
        }
    }

    /** The number of entries is the sender's word; room for them must not be made on it. */
    @ParameterizedTest
    @ValueSource(ints = {Integer.MAX_VALUE, Integer.MIN_VALUE, -1})
    void aFalseNumberOfEntriesIsRefused(int entries) throws Exception {
        // Timers: unlike Flink's serializer of lists theirs makes no room on the sender's word.
        try (HarnessSubtask left = HarnessSubtask.open(TimerFunction.operator(), 2, 0)) {
            left.widen();
            left.send(HarnessSubtask.keyOf(GROUP, 0), 1);
            TaskKeyedState state = left.state();
            DataOutputSerializer out = new DataOutputSerializer(64);
            state.encoder().write(state.detach(GROUP), out);
            ByteBuffer bytes = ByteBuffer.wrap(out.getCopyOfBuffer());
            // Magic, key group, operators, operator id, no states, number of queues, first name.
            int name = 3 * Integer.BYTES + 2 * Long.BYTES + 2 * Short.BYTES;
            int count = name + Short.BYTES + bytes.getShort(name);
            bytes.putInt(count, entries);
            UnitDecoder decoder = state.decoder(state.schema());
            assertThatThrownBy(
                            () -> decoder.read(GROUP, new DataInputDeserializer(bytes.array())))
                    .isInstanceOf(IOException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MAX_VALUE, (16 << 20) + 1, -1})
    void aSchemaOfAFalseLengthIsRefused(int length) throws Exception {
        try (HarnessSubtask left = HarnessSubtask.open(AllStatesFunction.operator(), 2, 0)) {
            ByteBuffer bytes = ByteBuffer.wrap(left.state().schema().toBytes());
            bytes.putInt(2 * Integer.BYTES + 2 * Long.BYTES, length);
            assertThatThrownBy(() -> StateSchema.fromBytes(bytes.array()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("announces " + length + " bytes");
        }
    }

    @Test
    void damagedBytesAreRefused() throws Exception {
        try (HarnessSubtask left = HarnessSubtask.open(AllStatesFunction.operator(), 2, 0)) {
            left.widen();
            left.send(HarnessSubtask.keyOf(GROUP, 0), 1);
            TaskKeyedState state = left.state();
            DetachedUnit unit = state.detach(GROUP);
            DetachedUnit mislabelled =
                    new DetachedUnit(GROUP + 1, unit.operators(), unit.userClassLoader());
            assertThatThrownBy(() -> Transport.BY_BYTES.carry(state, state, mislabelled))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("belongs to key group " + GROUP);
        }
    }
}
