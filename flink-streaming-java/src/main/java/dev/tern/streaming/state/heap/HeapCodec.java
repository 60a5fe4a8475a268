package dev.tern.streaming.state.heap;

import dev.tern.streaming.state.OperatorUnit;
import dev.tern.streaming.state.UnitCodec;

import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.runtime.state.StateEntry;
import org.apache.flink.runtime.state.heap.CopyOnWriteStateMap;
import org.apache.flink.runtime.state.heap.HeapKeyedStateBackend;

import java.io.IOException;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;

/**
 * Bytes of a {@link HeapUnit}: for each state its name, the number of entries and the entries in
 * the order namespace, key, value; then the same for timers. The number comes first so that the
 * reader can give map and array their final size.
 */
final class HeapCodec implements UnitCodec {

    /** Serializers of one state. */
    record EntryFormat(
            TypeSerializer<?> key, TypeSerializer<?> namespace, TypeSerializer<?> value) {

        EntryFormat duplicate() {
            return new EntryFormat(key.duplicate(), namespace.duplicate(), value.duplicate());
        }
    }

    /** Room that is made on the word of the sender; for more entries maps grow as they come. */
    private static final int MAX_INITIAL_CAPACITY = 1 << 20;

    private final Map<String, EntryFormat> tables;
    private final TimerCodec timers;
    private final int maxParallelism;

    /** Takes ownership of the serializers. */
    HeapCodec(
            Map<String, EntryFormat> tables,
            TimerCodec timers,
            int maxParallelism) {
        this.tables = tables;
        this.timers = timers;
        this.maxParallelism = maxParallelism;
    }

    /** A codec for what the backend has registered; its serializers are duplicates. */
    static <K> HeapCodec writing(HeapKeyedStateBackend<K> backend) {
        Map<String, EntryFormat> tables = new HashMap<>();
        backend.registeredKVStates.forEach(
                (name, table) ->
                        tables.put(
                                name,
                                new EntryFormat(
                                                backend.getKeySerializer(),
                                                table.getNamespaceSerializer(),
                                                table.getStateSerializer())
                                        .duplicate()));
        return new HeapCodec(
                tables,
                new HeapQueues(backend.priorityQueuesManager).writer(),
                backend.getNumberOfKeyGroups());
    }

    @Override
    public UnitCodec duplicate() {
        Map<String, EntryFormat> ownTables = new HashMap<>();
        tables.forEach((name, format) -> ownTables.put(name, format.duplicate()));
        return new HeapCodec(ownTables, timers.duplicate(), maxParallelism);
    }

    @Override
    public void write(OperatorUnit unit, DataOutputView out) throws IOException {
        HeapUnit heapUnit = (HeapUnit) unit;
        out.writeShort(heapUnit.maps().size());
        for (Map.Entry<String, CopyOnWriteStateMap<?, ?, ?>> map : heapUnit.maps().entrySet()) {
            out.writeUTF(map.getKey());
            writeEntries(map.getValue(), known(tables, map.getKey()), out);
        }
        timers.write(heapUnit.queues(), out);
    }

    @SuppressWarnings("unchecked")
    private static <K, N, S> void writeEntries(
            CopyOnWriteStateMap<K, N, S> map, EntryFormat format, DataOutputView out)
            throws IOException {
        TypeSerializer<K> keys = (TypeSerializer<K>) format.key();
        TypeSerializer<N> namespaces = (TypeSerializer<N>) format.namespace();
        TypeSerializer<S> values = (TypeSerializer<S>) format.value();
        out.writeInt(map.size());
        for (Iterator<StateEntry<K, N, S>> entries = map.iterator(); entries.hasNext(); ) {
            StateEntry<K, N, S> entry = entries.next();
            namespaces.serialize(entry.getNamespace(), out);
            keys.serialize(entry.getKey(), out);
            values.serialize(entry.getState(), out);
        }
    }

    @Override
    public OperatorUnit read(int keyGroup, DataInputView in) throws IOException {
        Map<String, CopyOnWriteStateMap<?, ?, ?>> maps = new HashMap<>();
        for (int left = in.readShort(); left > 0; left--) {
            String name = in.readUTF();
            maps.put(name, readEntries(keyGroup, name, known(tables, name), in));
        }
        return new HeapUnit(maps, timers.read(in));
    }

    @SuppressWarnings("unchecked")
    private <K, N, S> CopyOnWriteStateMap<K, N, S> readEntries(
            int keyGroup, String state, EntryFormat format, DataInputView in) throws IOException {
        TypeSerializer<K> keys = (TypeSerializer<K>) format.key();
        TypeSerializer<N> namespaces = (TypeSerializer<N>) format.namespace();
        TypeSerializer<S> values = (TypeSerializer<S>) format.value();
        int size = in.readInt();
        CopyOnWriteStateMap<K, N, S> map = new CopyOnWriteStateMap<>(capacity(size), values);
        for (int i = 0; i < size; i++) {
            N namespace = namespaces.deserialize(in);
            K key = keys.deserialize(in);
            if (i == 0) {
                requireKeyGroup(keyGroup, state, key);
            }
            map.put(key, namespace, values.deserialize(in));
        }
        return map;
    }

    // One key tells whether both owners hash alike; hashing all would cost as much as reading them.
    private void requireKeyGroup(int keyGroup, String state, Object key) throws IOException {
        int actual = KeyGroupRangeAssignment.assignToKeyGroup(key, maxParallelism);
        if (actual != keyGroup) {
            throw new IOException(
                    "Key "
                            + key
                            + " of state '"
                            + state
                            + "' belongs to key group "
                            + actual
                            + ", but arrived in key group "
                            + keyGroup
                            + ". Its hash code must be the same in every process.");
        }
    }

    /** Room for the entries at the load factor of 3/4 that both kinds of map have. */
    static int capacity(int entries) throws IOException {
        if (entries < 0) {
            throw new IOException("A state announces " + entries + " entries");
        }
        return (int) Math.min(MAX_INITIAL_CAPACITY, entries * 4L / 3 + 1);
    }

    static <V> V known(Map<String, V> formats, String name) throws IOException {
        V format = formats.get(name);
        if (format == null) {
            throw new IOException(
                    "State '"
                            + name
                            + "' is not among those that were registered when the codec was made: "
                            + formats.keySet());
        }
        return format;
    }
}
