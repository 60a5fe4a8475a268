package dev.tern.streaming.state.heap;

import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.base.ListSerializer;
import org.apache.flink.api.common.typeutils.base.MapSerializer;
import org.apache.flink.core.memory.DataOutputViewStreamWrapper;
import org.apache.flink.runtime.state.StateEntry;
import org.apache.flink.runtime.state.heap.HeapPriorityQueueElement;
import org.apache.flink.runtime.state.heap.HeapPriorityQueueSnapshotRestoreWrapper;
import org.apache.flink.runtime.state.heap.StateMap;
import org.apache.flink.runtime.state.heap.StateTable;

import java.io.IOException;
import java.io.OutputStream;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;

/**
 * Adds up the estimated serialized size of key groups: the number of entries, which is known, times
 * the mean size of a few entries, which are serialized into nothing. Of a long list or map a few
 * elements stand for all, and no value is serialized beyond a limit, so that the time is bounded.
 */
final class HeapSizes {

    /** Entries serialized for each state. */
    private static final int SAMPLES = 48;

    /**
     * Bytes serialized for one entry; a larger one counts as what was written when it was passed.
     */
    private static final int LIMIT = 64 * 1024;

    /** Elements of a list or map that stand for all of them. */
    private static final int ELEMENTS = 8;

    private final int[] keyGroups;
    private final long[] bytes;

    HeapSizes(int[] keyGroups, long[] bytes) {
        this.keyGroups = keyGroups;
        this.bytes = bytes;
    }

    <K, N, S> void add(StateTable<K, N, S> table) {
        // Duplicates: one that was stopped at the limit may be left half-way.
        TypeSerializer<K> keys = table.getKeySerializer().duplicate();
        TypeSerializer<N> namespaces = table.getNamespaceSerializer().duplicate();
        TypeSerializer<S> values = table.getStateSerializer().duplicate();
        Sample sample = new Sample();
        int perGroup = perGroup();
        for (int keyGroup : keyGroups) {
            Iterator<StateEntry<K, N, S>> entries = table.getMapForKeyGroup(keyGroup).iterator();
            for (int i = 0; i < perGroup && entries.hasNext() && sample.count < SAMPLES; i++) {
                StateEntry<K, N, S> entry = entries.next();
                sample.add(
                        () ->
                                sizeOf(namespaces, entry.getNamespace())
                                        + sizeOf(keys, entry.getKey())
                                        + sizeOfValue(values, entry.getState()));
            }
        }
        for (int i = 0; i < keyGroups.length; i++) {
            StateMap<K, N, S> map = table.getMapForKeyGroup(keyGroups[i]);
            bytes[i] += sample.bytesOf(map.size());
        }
    }

    <T extends HeapPriorityQueueElement> void add(
            HeapPriorityQueueSnapshotRestoreWrapper<T> queue) {
        TypeSerializer<T> serializer = queue.getMetaInfo().getElementSerializer().duplicate();
        Sample sample = new Sample();
        int perGroup = perGroup();
        for (int keyGroup : keyGroups) {
            Iterator<T> timers = queue.getPriorityQueue().getSubsetForKeyGroup(keyGroup).iterator();
            for (int i = 0; i < perGroup && timers.hasNext() && sample.count < SAMPLES; i++) {
                T timer = timers.next();
                sample.add(() -> sizeOf(serializer, timer));
            }
        }
        for (int i = 0; i < keyGroups.length; i++) {
            bytes[i] +=
                    sample.bytesOf(
                            queue.getPriorityQueue().getSubsetForKeyGroup(keyGroups[i]).size());
        }
    }

    private int perGroup() {
        return Math.max(1, SAMPLES / Math.max(1, keyGroups.length));
    }

    @SuppressWarnings("unchecked")
    private static <S> double sizeOfValue(TypeSerializer<S> serializer, S value) {
        if (serializer instanceof MapSerializer && value instanceof Map<?, ?> map) {
            return sizeOfMap((MapSerializer<Object, Object>) serializer, (Map<Object, Object>) map);
        }
        if (serializer instanceof ListSerializer && value instanceof List<?> list) {
            return sizeOfList((ListSerializer<Object>) serializer, (List<Object>) list);
        }
        return sizeOf(serializer, value);
    }

    private static <K, V> double sizeOfMap(MapSerializer<K, V> serializer, Map<K, V> map) {
        Map<K, V> few = new HashMap<>();
        Iterator<Map.Entry<K, V>> entries = map.entrySet().iterator();
        while (entries.hasNext() && few.size() < ELEMENTS) {
            Map.Entry<K, V> entry = entries.next();
            few.put(entry.getKey(), entry.getValue());
        }
        return few.isEmpty()
                ? Integer.BYTES
                : sizeOf(serializer, few) * map.size() / (double) few.size();
    }

    private static <E> double sizeOfList(ListSerializer<E> serializer, List<E> list) {
        List<E> few = list.subList(0, Math.min(ELEMENTS, list.size()));
        return few.isEmpty()
                ? Integer.BYTES
                : sizeOf(serializer, few) * list.size() / (double) few.size();
    }

    private static <T> long sizeOf(TypeSerializer<T> serializer, T value) {
        CountingStream counter = new CountingStream();
        try {
            serializer.serialize(value, new DataOutputViewStreamWrapper(counter));
        } catch (IOException | RuntimeException e) {
            if (counter.written <= LIMIT) {
                throw new IllegalStateException(
                        "State of type "
                                + value.getClass().getName()
                                + " cannot be serialized with "
                                + serializer.getClass().getName(),
                        e);
            }
        }
        return counter.written;
    }

    /** Mean size of the entries that were looked at. */
    private static final class Sample {

        private int count;
        private double total;

        void add(DoubleSupplier size) {
            total += size.getAsDouble();
            count++;
        }

        long bytesOf(int entries) {
            return count == 0 ? 0 : Math.round(total / count * entries);
        }
    }

    /** Counts, keeps nothing, and refuses to go on after {@link #LIMIT} bytes. */
    private static final class CountingStream extends OutputStream {

        private long written;

        @Override
        public void write(int b) throws IOException {
            count(1);
        }

        @Override
        public void write(byte[] b, int offset, int length) throws IOException {
            count(length);
        }

        private void count(int length) throws IOException {
            written += length;
            if (written > LIMIT) {
                throw LimitReachedException.INSTANCE;
            }
        }
    }

    private static final class LimitReachedException extends IOException {

        private static final long serialVersionUID = 1L;

        private static final LimitReachedException INSTANCE = new LimitReachedException();

        @Override
        public synchronized Throwable fillInStackTrace() {
            return this;
        }
    }
}
