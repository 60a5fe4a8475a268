package dev.tern.streaming.network;

import org.apache.flink.runtime.io.network.api.writer.SubtaskStateMapper;
import org.apache.flink.runtime.plugable.SerializationDelegate;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.streaming.runtime.partitioner.KeyGroupStreamPartitioner;
import org.apache.flink.streaming.runtime.partitioner.StreamPartitioner;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

import java.util.Arrays;

/**
 * Sends each record to the subtask that a table names for its key group. It takes the place of the
 * edge's {@link KeyGroupStreamPartitioner} while the ownership of key groups is not Flink's
 * contiguous one and uses that partitioner's own key selector.
 *
 * <p>Immutable as far as routes go: other routes are another partitioner. Used from the task's
 * mailbox thread; never serialized, checkpoints do not contain it.
 *
 * @param <T> type of the records
 * @param <K> type of the keys
 */
public final class RoutedKeyGroupPartitioner<T, K> extends StreamPartitioner<T> {

    private static final long serialVersionUID = 1L;

    private final KeyGroupStreamPartitioner<T, K> contiguous;

    private final int maxParallelism;

    private final int[] ownerByKeyGroup;

    /**
     * Creates routes for one edge.
     *
     * @param contiguous the edge's own partitioner; it is kept for the way back
     * @param ownerByKeyGroup subtask index of the owner, one entry a key group
     * @param subtasks number of subtasks that may be owners
     * @throws IllegalArgumentException if the table does not fit the edge or names a subtask that
     *     does not exist
     */
    public RoutedKeyGroupPartitioner(
            KeyGroupStreamPartitioner<T, K> contiguous, int[] ownerByKeyGroup, int subtasks) {
        this.contiguous = contiguous;
        this.maxParallelism = contiguous.getMaxParallelism();
        if (ownerByKeyGroup.length != maxParallelism) {
            throw new IllegalArgumentException(
                    String.format(
                            "The route table has %d key groups, but the edge has %d.",
                            ownerByKeyGroup.length, maxParallelism));
        }
        for (int keyGroup = 0; keyGroup < ownerByKeyGroup.length; keyGroup++) {
            int owner = ownerByKeyGroup[keyGroup];
            if (owner < 0 || owner >= subtasks) {
                throw new IllegalArgumentException(
                        String.format(
                                "Key group %d is routed to subtask %d, but subtasks are 0 to %d.",
                                keyGroup, owner, subtasks - 1));
            }
        }
        this.ownerByKeyGroup = ownerByKeyGroup.clone();
        setup(subtasks);
    }

    /** The partitioner that was in this place before. */
    public KeyGroupStreamPartitioner<T, K> contiguous() {
        return contiguous;
    }

    @Override
    public int selectChannel(SerializationDelegate<StreamRecord<T>> record) {
        T value = record.getInstance().getValue();
        K key;
        try {
            key = contiguous.keySelector.getKey(value);
        } catch (Exception e) {
            throw new RuntimeException("The key selector failed on " + value, e);
        }
        return ownerByKeyGroup[KeyGroupRangeAssignment.assignToKeyGroup(key, maxParallelism)];
    }

    @Override
    public StreamPartitioner<T> copy() {
        return this;
    }

    @Override
    public SubtaskStateMapper getDownstreamSubtaskStateMapper() {
        return contiguous.getDownstreamSubtaskStateMapper();
    }

    @Override
    public boolean isPointwise() {
        return false;
    }

    @Override
    public boolean equals(Object other) {
        return super.equals(other)
                && Arrays.equals(
                        ownerByKeyGroup, ((RoutedKeyGroupPartitioner<?, ?>) other).ownerByKeyGroup)
                && contiguous.equals(((RoutedKeyGroupPartitioner<?, ?>) other).contiguous);
    }

    @Override
    public int hashCode() {
        return 31 * contiguous.hashCode() + Arrays.hashCode(ownerByKeyGroup);
    }

    @Override
    public String toString() {
        return "ROUTED HASH";
    }
}
