package dev.tern.streaming.state.heap;

import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSchemaCompatibility;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.runtime.state.HeapPriorityQueuesManager;
import org.apache.flink.runtime.state.KeyExtractorFunction;
import org.apache.flink.runtime.state.KeyedBackendSerializationProxy;
import org.apache.flink.runtime.state.RegisteredKeyValueStateBackendMetaInfo;
import org.apache.flink.runtime.state.RegisteredPriorityQueueStateBackendMetaInfo;
import org.apache.flink.runtime.state.heap.HeapKeyedStateBackend;
import org.apache.flink.runtime.state.heap.HeapPriorityQueueSnapshotRestoreWrapper;
import org.apache.flink.runtime.state.heap.StateTable;
import org.apache.flink.runtime.state.metainfo.StateMetaInfoSnapshot;
import org.apache.flink.runtime.state.metainfo.StateMetaInfoSnapshot.CommonSerializerKeys;
import org.apache.flink.streaming.api.operators.TimerHeapInternalTimer;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a heap backend has registered, in the format of a checkpoint's header. */
final class HeapSchema {

    private final TypeSerializerSnapshot<?> keySerializer;
    private final List<StateMetaInfoSnapshot> states;

    private HeapSchema(
            TypeSerializerSnapshot<?> keySerializer, List<StateMetaInfoSnapshot> states) {
        this.keySerializer = keySerializer;
        this.states = states;
    }

    static <K> byte[] of(HeapKeyedStateBackend<K> backend) throws IOException {
        List<StateMetaInfoSnapshot> states = new ArrayList<>();
        for (StateTable<K, ?, ?> table : backend.registeredKVStates.values()) {
            states.add(table.getMetaInfo().snapshot());
        }
        backend.priorityQueuesManager
                .registeredPQStates
                .values()
                .forEach(queue -> states.add(queue.getMetaInfo().snapshot()));
        DataOutputSerializer out = new DataOutputSerializer(512);
        new KeyedBackendSerializationProxy<>(backend.getKeySerializer(), states, false).write(out);
        return out.getCopyOfBuffer();
    }

    static HeapSchema parse(byte[] bytes, HeapKeyedStateBackend<?> backend) throws IOException {
        KeyedBackendSerializationProxy<?> proxy =
                new KeyedBackendSerializationProxy<>(backend.userCodeClassLoader);
        proxy.read(new DataInputDeserializer(bytes));
        return new HeapSchema(proxy.getKeySerializerSnapshot(), proxy.getStateMetaInfoSnapshots());
    }

    <K> void registerMissing(HeapKeyedStateBackend<K> backend) throws IOException {
        reader(backend.getKeySerializer(), keySerializer, "key");
        for (StateMetaInfoSnapshot state : states) {
            switch (state.getBackendStateType()) {
                case KEY_VALUE:
                    if (!backend.registeredKVStates.containsKey(state.getName())) {
                        registerTable(backend, state);
                    }
                    break;
                case PRIORITY_QUEUE:
                    if (!backend.priorityQueuesManager.registeredPQStates.containsKey(
                            state.getName())) {
                        registerQueue(backend, state);
                    }
                    break;
                default:
                    throw new IOException(
                            "State '"
                                    + state.getName()
                                    + "' of the old owner is of type "
                                    + state.getBackendStateType()
                                    + ", which a heap backend does not have.");
            }
        }
    }

    // Made from the snapshot, so that the user's own registration, whenever it comes, is checked
    // against it as it would be after a restore.
    private static <K> void registerTable(
            HeapKeyedStateBackend<K> backend, StateMetaInfoSnapshot state) {
        backend.registeredKVStates.put(
                state.getName(),
                backend.stateTableFactory.newStateTable(
                        backend.getKeyContext(),
                        new RegisteredKeyValueStateBackendMetaInfo<>(state),
                        backend.getKeySerializer()));
    }

    private static void registerQueue(
            HeapKeyedStateBackend<?> backend, StateMetaInfoSnapshot state) {
        RegisteredPriorityQueueStateBackendMetaInfo<TimerHeapInternalTimer<Object, Object>> meta =
                new RegisteredPriorityQueueStateBackendMetaInfo<>(state);
        HeapPriorityQueuesManager queues = backend.priorityQueuesManager;
        queues.registeredPQStates.put(
                state.getName(),
                new HeapPriorityQueueSnapshotRestoreWrapper<>(
                        queues.priorityQueueSetFactory.create(
                                state.getName(), meta.getElementSerializer()),
                        meta,
                        KeyExtractorFunction.forKeyedObjects(),
                        backend.getKeyGroupRange(),
                        backend.getNumberOfKeyGroups()));
    }

    <K> HeapCodec decoder(HeapKeyedStateBackend<K> backend) throws IOException {
        TypeSerializer<?> keys = reader(backend.getKeySerializer(), keySerializer, "key");
        Map<String, HeapCodec.EntryFormat> tables = new HashMap<>();
        Map<String, TypeSerializer<?>> queues = new HashMap<>();
        for (StateMetaInfoSnapshot state : states) {
            String name = state.getName();
            if (state.getBackendStateType() == StateMetaInfoSnapshot.BackendStateType.KEY_VALUE) {
                StateTable<K, ?, ?> table = backend.registeredKVStates.get(name);
                tables.put(
                        name,
                        new HeapCodec.EntryFormat(
                                keys.duplicate(),
                                reader(
                                        table.getNamespaceSerializer(),
                                        state,
                                        CommonSerializerKeys.NAMESPACE_SERIALIZER),
                                reader(
                                        table.getStateSerializer(),
                                        state,
                                        CommonSerializerKeys.VALUE_SERIALIZER)));
            } else {
                queues.put(
                        name,
                        reader(
                                backend.priorityQueuesManager
                                        .registeredPQStates
                                        .get(name)
                                        .getMetaInfo()
                                        .getElementSerializer(),
                                state,
                                CommonSerializerKeys.VALUE_SERIALIZER));
            }
        }
        return new HeapCodec(tables, queues, backend.getNumberOfKeyGroups());
    }

    private static TypeSerializer<?> reader(
            TypeSerializer<?> own, StateMetaInfoSnapshot state, CommonSerializerKeys key)
            throws IOException {
        TypeSerializerSnapshot<?> written = state.getTypeSerializerSnapshot(key);
        return reader(own, written, "state '" + state.getName() + "'");
    }

    /**
     * A serializer that reads what the old owner wrote, not shared with the task. That is our own
     * only if both have the same format: after a restore with an evolved type, the serializer of a
     * survivor may be configured otherwise than that of a subtask that started empty.
     */
    @SuppressWarnings({"unchecked", "rawtypes"})
    static TypeSerializer<?> reader(
            TypeSerializer<?> own, TypeSerializerSnapshot<?> written, String what)
            throws IOException {
        TypeSerializerSchemaCompatibility<?> compatibility =
                own.snapshotConfiguration()
                        .resolveSchemaCompatibility((TypeSerializerSnapshot) written);
        if (compatibility.isIncompatible()) {
            throw new IOException(
                    "Serializer of "
                            + what
                            + " is "
                            + own.getClass().getName()
                            + " here, which cannot read what the old owner's serializer ("
                            + written.getClass().getName()
                            + ") writes.");
        }
        return compatibility.isCompatibleAsIs() ? own.duplicate() : written.restoreSerializer();
    }
}
