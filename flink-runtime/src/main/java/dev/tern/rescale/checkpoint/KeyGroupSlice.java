package dev.tern.rescale.checkpoint;

import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyGroupRangeOffsets;
import org.apache.flink.runtime.state.KeyGroupsSavepointStateHandle;
import org.apache.flink.runtime.state.KeyGroupsStateHandle;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.memory.ByteStreamStateHandle;

import java.util.Arrays;

/**
 * The part of a handle that covers some key groups. State in a file is referred to as it is; state
 * that travels inside the handle is cut down to header and key groups, or every slice would carry
 * the whole. Pure.
 */
final class KeyGroupSlice {

    private KeyGroupSlice() {}

    static KeyedStateHandle of(KeyGroupsStateHandle handle, KeyGroupRange range) {
        return handle.getDelegateStateHandle() instanceof ByteStreamStateHandle bytes
                ? cut(handle, bytes, range)
                : handle.getIntersection(range);
    }

    // Both formats begin with the states' meta data; then come the key groups, in any order. Offset
    // 0
    // stands for a key group that was left out.
    private static KeyedStateHandle cut(
            KeyGroupsStateHandle handle, ByteStreamStateHandle bytes, KeyGroupRange range) {
        byte[] data = bytes.getData();
        long[] starts = starts(handle);
        int header = starts.length == 0 ? data.length : (int) starts[0];
        KeyGroupRangeOffsets offsets = new KeyGroupRangeOffsets(range);
        byte[] slice = Arrays.copyOf(data, header);
        for (int keyGroup : range) {
            long start = handle.getOffsetForKeyGroup(keyGroup);
            if (start > 0) {
                offsets.setKeyGroupOffset(keyGroup, slice.length);
                slice = append(slice, data, (int) start, end(starts, start, data.length));
            }
        }
        ByteStreamStateHandle delegate =
                new ByteStreamStateHandle(
                        bytes.getHandleName()
                                + "#"
                                + range.getStartKeyGroup()
                                + "-"
                                + range.getEndKeyGroup(),
                        slice);
        return handle instanceof KeyGroupsSavepointStateHandle
                ? new KeyGroupsSavepointStateHandle(offsets, delegate)
                : KeyGroupsStateHandle.restore(offsets, delegate, handle.getStateHandleId());
    }

    private static long[] starts(KeyGroupsStateHandle handle) {
        long[] starts = new long[handle.getKeyGroupRange().getNumberOfKeyGroups()];
        int count = 0;
        for (int keyGroup : handle.getKeyGroupRange()) {
            long start = handle.getOffsetForKeyGroup(keyGroup);
            if (start > 0) {
                starts[count++] = start;
            }
        }
        starts = Arrays.copyOf(starts, count);
        Arrays.sort(starts);
        return starts;
    }

    private static int end(long[] starts, long start, int dataLength) {
        int next = Arrays.binarySearch(starts, start) + 1;
        return next < starts.length ? (int) starts[next] : dataLength;
    }

    private static byte[] append(byte[] slice, byte[] data, int from, int to) {
        byte[] longer = Arrays.copyOf(slice, slice.length + to - from);
        System.arraycopy(data, from, longer, slice.length, to - from);
        return longer;
    }
}
