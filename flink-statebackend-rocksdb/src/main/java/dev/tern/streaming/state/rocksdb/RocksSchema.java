package dev.tern.streaming.state.rocksdb;

import dev.tern.streaming.state.BackendSchema;
import dev.tern.streaming.state.heap.HeapQueues;

import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.fs.ICloseableRegistry;
import org.apache.flink.runtime.state.RegisteredKeyValueStateBackendMetaInfo;
import org.apache.flink.runtime.state.RegisteredPriorityQueueStateBackendMetaInfo;
import org.apache.flink.runtime.state.RegisteredStateMetaInfoBase;
import org.apache.flink.runtime.state.metainfo.StateMetaInfoSnapshot;
import org.apache.flink.runtime.state.metainfo.StateMetaInfoSnapshot.BackendStateType;
import org.apache.flink.runtime.state.metainfo.StateMetaInfoSnapshot.CommonSerializerKeys;
import org.apache.flink.state.rocksdb.RocksDBKeyedStateBackend;
import org.apache.flink.state.rocksdb.RocksDBKeyedStateBackend.RocksDbKvStateInfo;
import org.apache.flink.state.rocksdb.RocksDBOperationUtils;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What a RocksDB backend has registered, and what another one has that it has not. */
final class RocksSchema {

    private RocksSchema() {}

    static byte[] of(RocksDBKeyedStateBackend<?> backend) throws IOException {
        List<StateMetaInfoSnapshot> states = new ArrayList<>();
        for (RocksDbKvStateInfo state : backend.kvStateInformation.values()) {
            states.add(state.metaInfo.snapshot());
        }
        new HeapQueues(backend.heapPriorityQueuesManager).addSchema(states);
        return BackendSchema.write(backend.getKeySerializer(), states);
    }

    /**
     * @throws IOException if the bytes of a state would not mean the same here
     */
    static void registerMissing(BackendSchema schema, RocksDBKeyedStateBackend<?> backend)
            throws IOException {
        BackendSchema.requireSameFormat(
                backend.getKeySerializer(), schema.keySerializer(), "the key");
        HeapQueues heapQueues = new HeapQueues(backend.heapPriorityQueuesManager);
        for (StateMetaInfoSnapshot state : schema.states()) {
            RocksDbKvStateInfo own = backend.kvStateInformation.get(state.getName());
            if (state.getBackendStateType() == BackendStateType.PRIORITY_QUEUE
                    && backend.heapPriorityQueuesManager != null) {
                heapQueues.registerMissing(state, backend.getNumberOfKeyGroups());
            } else if (own == null) {
                register(state, backend);
            } else {
                requireSameFormat(own.metaInfo, state);
            }
        }
    }

    // As a restore does it: the user's own registration, whenever it comes, is checked against it.
    private static void register(
            StateMetaInfoSnapshot state, RocksDBKeyedStateBackend<?> backend) {
        RocksDbKvStateInfo registered =
                RocksDBOperationUtils.createStateInfo(
                        RegisteredStateMetaInfoBase.fromMetaInfoSnapshot(state),
                        backend.db,
                        backend.columnFamilyOptionsFactory,
                        backend.ttlCompactFiltersManager,
                        backend.optionsContainer.getWriteBufferManagerCapacity(),
                        ICloseableRegistry.NO_OP);
        RocksDBOperationUtils.registerKvStateInformation(
                backend.kvStateInformation,
                backend.nativeMetricMonitor,
                state.getName(),
                registered);
        backend.sstMergeManager.register(registered);
    }

    private static void requireSameFormat(
            RegisteredStateMetaInfoBase own, StateMetaInfoSnapshot written) throws IOException {
        if (own instanceof RegisteredKeyValueStateBackendMetaInfo<?, ?> state) {
            requireSameFormat(
                    state.getNamespaceSerializer(),
                    written,
                    CommonSerializerKeys.NAMESPACE_SERIALIZER);
            requireSameFormat(
                    state.getStateSerializer(), written, CommonSerializerKeys.VALUE_SERIALIZER);
        } else if (own instanceof RegisteredPriorityQueueStateBackendMetaInfo<?> queue) {
            requireSameFormat(
                    queue.getElementSerializer(), written, CommonSerializerKeys.VALUE_SERIALIZER);
        }
    }

    private static void requireSameFormat(
            TypeSerializer<?> own, StateMetaInfoSnapshot written, CommonSerializerKeys part)
            throws IOException {
        BackendSchema.requireSameFormat(
                own,
                written.getTypeSerializerSnapshot(part),
                "state '" + written.getName() + "'");
    }
}
