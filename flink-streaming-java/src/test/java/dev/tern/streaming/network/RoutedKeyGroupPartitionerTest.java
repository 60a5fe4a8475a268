package dev.tern.streaming.network;

import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.runtime.plugable.SerializationDelegate;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.streaming.runtime.partitioner.KeyGroupStreamPartitioner;
import org.apache.flink.streaming.runtime.streamrecord.StreamElementSerializer;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

import org.junit.jupiter.api.Test;

import java.util.Arrays;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Routes of single records. */
class RoutedKeyGroupPartitionerTest {

    private static final int KEY_GROUPS = 16;

    private final KeyGroupStreamPartitioner<Long, Long> contiguous =
            new KeyGroupStreamPartitioner<>(value -> value / 10, KEY_GROUPS);

    @Test
    void sendsEveryKeyToTheOwnerOfItsGroup() {
        int[] owners = new int[KEY_GROUPS];
        for (int group = 0; group < KEY_GROUPS; group++) {
            owners[group] = (group * 7 + 3) % 5;
        }
        RoutedKeyGroupPartitioner<Long, Long> routed =
                new RoutedKeyGroupPartitioner<>(contiguous, owners, 5);

        for (long value = 0; value < 2_000; value++) {
            int group = KeyGroupRangeAssignment.assignToKeyGroup(value / 10, KEY_GROUPS);
            assertThat(routed.selectChannel(record(value))).isEqualTo(owners[group]);
        }
    }

    @Test
    void contiguousRoutesAreFlinksOwn() {
        int[] owners = new int[KEY_GROUPS];
        for (int group = 0; group < KEY_GROUPS; group++) {
            owners[group] =
                    KeyGroupRangeAssignment.computeOperatorIndexForKeyGroup(KEY_GROUPS, 3, group);
        }
        RoutedKeyGroupPartitioner<Long, Long> routed =
                new RoutedKeyGroupPartitioner<>(contiguous, owners, 3);
        contiguous.setup(3);

        for (long value = 0; value < 2_000; value++) {
            assertThat(routed.selectChannel(record(value)))
                    .isEqualTo(contiguous.selectChannel(record(value)));
        }
    }

    @Test
    void laterChangesOfTheTableHaveNoEffect() {
        int[] owners = new int[KEY_GROUPS];
        RoutedKeyGroupPartitioner<Long, Long> routed =
                new RoutedKeyGroupPartitioner<>(contiguous, owners, 2);
        Arrays.fill(owners, 1);

        assertThat(routed.selectChannel(record(5))).isZero();
    }

    @Test
    void refusesATableOfAnotherMaxParallelism() {
        assertThatThrownBy(() -> new RoutedKeyGroupPartitioner<>(contiguous, new int[8], 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("has 8 key groups")
                .hasMessageContaining("edge has 16");
    }

    @Test
    void refusesAnOwnerThatDoesNotExist() {
        int[] owners = new int[KEY_GROUPS];
        owners[11] = 4;

        assertThatThrownBy(() -> new RoutedKeyGroupPartitioner<>(contiguous, owners, 4))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Key group 11")
                .hasMessageContaining("subtask 4");
    }

    private static SerializationDelegate<StreamRecord<Long>> record(long value) {
        @SuppressWarnings({"unchecked", "rawtypes"})
        SerializationDelegate<StreamRecord<Long>> delegate =
                new SerializationDelegate(new StreamElementSerializer<>(LongSerializer.INSTANCE));
        delegate.setInstance(new StreamRecord<>(value));
        return delegate;
    }
}
