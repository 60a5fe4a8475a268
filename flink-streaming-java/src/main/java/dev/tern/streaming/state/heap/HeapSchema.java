package dev.tern.streaming.state.heap;

import dev.tern.streaming.state.BackendSchema;

import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.runtime.state.RegisteredKeyValueStateBackendMetaInfo;
import org.apache.flink.runtime.state.heap.HeapKeyedStateBackend;
import org.apache.flink.runtime.state.heap.StateTable;
import org.apache.flink.runtime.state.metainfo.StateMetaInfoSnapshot;
import org.apache.flink.runtime.state.metainfo.StateMetaInfoSnapshot.BackendStateType;
import org.apache.flink.runtime.state.metainfo.StateMetaInfoSnapshot.CommonSerializerKeys;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a heap backend has registered, and what another one has that it has not. */
final class HeapSchema {

    private HeapSchema() {}

    static <K> byte[] of(HeapKeyedStateBackend<K> backend) throws IOException {
        List<StateMetaInfoSnapshot> states = new ArrayList<>();
        for (StateTable<K, ?, ?> table : backend.registeredKVStates.values()) {
            states.add(table.getMetaInfo().snapshot());
        }
        new HeapQueues(backend.priorityQueuesManager).addSchema(states);
        return BackendSchema.write(backend.getKeySerializer(), states);
    }

    static <K> void registerMissing(BackendSchema schema, HeapKeyedStateBackend<K> backend)
            throws IOException {
        schema.keyReader(backend.getKeySerializer());
        HeapQueues queues = new HeapQueues(backend.priorityQueuesManager);
        for (StateMetaInfoSnapshot state : schema.states()) {
            switch (state.getBackendStateType()) {
                case KEY_VALUE:
                    if (!backend.registeredKVStates.containsKey(state.getName())) {
                        registerTable(backend, state);
                    }
                    break;
                case PRIORITY_QUEUE:
                    queues.registerMissing(state, backend.getNumberOfKeyGroups());
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

    static <K> HeapCodec decoder(BackendSchema schema, HeapKeyedStateBackend<K> backend)
            throws IOException {
        TypeSerializer<?> keys = schema.keyReader(backend.getKeySerializer());
        Map<String, HeapCodec.EntryFormat> tables = new HashMap<>();
        for (StateMetaInfoSnapshot state : schema.states()) {
            if (state.getBackendStateType() == BackendStateType.KEY_VALUE) {
                StateTable<K, ?, ?> table = backend.registeredKVStates.get(state.getName());
                tables.put(
                        state.getName(),
                        new HeapCodec.EntryFormat(
                                keys.duplicate(),
                                BackendSchema.reader(
                                        table.getNamespaceSerializer(),
                                        state,
                                        CommonSerializerKeys.NAMESPACE_SERIALIZER),
                                BackendSchema.reader(
                                        table.getStateSerializer(),
                                        state,
                                        CommonSerializerKeys.VALUE_SERIALIZER)));
            }
        }
        return new HeapCodec(
                tables,
                new HeapQueues(backend.priorityQueuesManager).reader(schema),
                backend.getNumberOfKeyGroups());
    }
}
