package dev.tern.streaming.state;

import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.state.BackendWritableBroadcastState;
import org.apache.flink.runtime.state.DefaultOperatorStateBackend;
import org.apache.flink.runtime.state.OperatorBackendSerializationProxy;
import org.apache.flink.runtime.state.RegisteredBroadcastStateBackendMetaInfo;
import org.apache.flink.runtime.state.metainfo.StateMetaInfoSnapshot;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorStateHandler;
import org.apache.flink.streaming.runtime.tasks.StreamOperatorWrapper;
import org.apache.flink.streaming.runtime.tasks.StreamTask;
import org.apache.flink.util.StateMigrationException;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The broadcast state of one running task, of all operators of its chain: copied at one subtask, put
 * in at another that has none of its own yet. The same at all subtasks at corresponding points of
 * the broadcast input. Task mailbox thread.
 */
public final class BroadcastStates {

    private static final int VERSION = 1;

    private final Map<OperatorID, DefaultOperatorStateBackend> operators = new TreeMap<>();
    private final ClassLoader userClassLoader;

    private BroadcastStates(
            Collection<? extends StreamOperator<?>> chain, ClassLoader userClassLoader) {
        this.userClassLoader = userClassLoader;
        for (StreamOperator<?> operator : chain) {
            StreamOperatorStateHandler handler = OperatorInspection.handler(operator);
            if (handler != null
                    && handler.getOperatorStateBackend()
                            instanceof DefaultOperatorStateBackend backend) {
                operators.put(operator.getOperatorID(), backend);
            }
        }
    }

    /** Looks at a running task. */
    public static BroadcastStates of(StreamTask<?, ?> task) {
        List<StreamOperator<?>> chain = new ArrayList<>();
        for (StreamOperatorWrapper<?, ?> wrapper : task.operatorChain.getAllOperators()) {
            chain.add(wrapper.getStreamOperator());
        }
        return of(chain, task.getEnvironment().getUserCodeClassLoader().asClassLoader());
    }

    static BroadcastStates of(
            Collection<? extends StreamOperator<?>> chain, ClassLoader userClassLoader) {
        return new BroadcastStates(chain, userClassLoader);
    }

    /** All entries with the types they were registered with. */
    public byte[] copy() throws Exception {
        DataOutputSerializer out = new DataOutputSerializer(1024);
        out.writeInt(VERSION);
        out.writeInt(operators.size());
        for (Map.Entry<OperatorID, DefaultOperatorStateBackend> operator : operators.entrySet()) {
            out.writeLong(operator.getKey().getLowerPart());
            out.writeLong(operator.getKey().getUpperPart());
            write(operator.getValue(), out);
        }
        return out.getCopyOfBuffer();
    }

    private static void write(DefaultOperatorStateBackend backend, DataOutputSerializer out)
            throws Exception {
        List<BackendWritableBroadcastState<?, ?>> states =
                List.copyOf(backend.registeredBroadcastStates.values());
        List<StateMetaInfoSnapshot> types = new ArrayList<>();
        states.forEach(state -> types.add(state.getStateMetaInfo().snapshot()));
        new OperatorBackendSerializationProxy(List.of(), types, false).write(out);
        for (BackendWritableBroadcastState<?, ?> state : states) {
            write(state, out);
        }
    }

    private static <K, V> void write(
            BackendWritableBroadcastState<K, V> state, DataOutputSerializer out) throws Exception {
        RegisteredBroadcastStateBackendMetaInfo<K, V> types = state.getStateMetaInfo();
        List<Map.Entry<K, V>> entries = new ArrayList<>();
        state.immutableEntries().forEach(entries::add);
        out.writeInt(entries.size());
        for (Map.Entry<K, V> entry : entries) {
            types.getKeySerializer().serialize(entry.getKey(), out);
            types.getValueSerializer().serialize(entry.getValue(), out);
        }
    }

    /**
     * Takes a copy in; what was there before is gone. States that are not registered yet are.
     *
     * @throws IOException if the copy cannot be read or does not fit this task
     */
    public void install(byte[] copy) throws Exception {
        DataInputDeserializer in = new DataInputDeserializer(copy);
        int version = in.readInt();
        if (version != VERSION) {
            throw new IOException(
                    "Broadcast state has version "
                            + version
                            + ", expected "
                            + VERSION
                            + "; all TaskManagers of a job must run the same release.");
        }
        for (int left = in.readInt(); left > 0; left--) {
            OperatorID operator = new OperatorID(in.readLong(), in.readLong());
            DefaultOperatorStateBackend backend = operators.get(operator);
            if (backend == null) {
                throw new IOException(
                        "Broadcast state of operator "
                                + operator
                                + " does not fit this task; it is from a task of another vertex.");
            }
            read(backend, in);
        }
        if (in.available() > 0) {
            throw new IOException(
                    in.available()
                            + " bytes are left of a copy of broadcast state: it is damaged, or the"
                            + " serializers of the two subtasks differ.");
        }
    }

    private void read(DefaultOperatorStateBackend backend, DataInputDeserializer in)
            throws Exception {
        OperatorBackendSerializationProxy types =
                new OperatorBackendSerializationProxy(userClassLoader);
        types.read(in);
        for (StateMetaInfoSnapshot type : types.getBroadcastStateMetaInfoSnapshots()) {
            read(backend, new RegisteredBroadcastStateBackendMetaInfo<>(type), in);
        }
    }

    private static <K, V> void read(
            DefaultOperatorStateBackend backend,
            RegisteredBroadcastStateBackendMetaInfo<K, V> types,
            DataInputDeserializer in)
            throws Exception {
        TypeSerializer<K> keys = types.getKeySerializer();
        TypeSerializer<V> values = types.getValueSerializer();
        BackendWritableBroadcastState<K, V> state = registered(backend, types.getName(), keys, values);
        state.clear();
        for (int left = in.readInt(); left > 0; left--) {
            state.put(keys.deserialize(in), values.deserialize(in));
        }
    }

    @SuppressWarnings("unchecked")
    private static <K, V> BackendWritableBroadcastState<K, V> registered(
            DefaultOperatorStateBackend backend,
            String name,
            TypeSerializer<K> keys,
            TypeSerializer<V> values)
            throws StateMigrationException {
        BackendWritableBroadcastState<?, ?> known = backend.registeredBroadcastStates.get(name);
        if (known != null) {
            return (BackendWritableBroadcastState<K, V>) known;
        }
        return (BackendWritableBroadcastState<K, V>)
                backend.getBroadcastState(new MapStateDescriptor<>(name, keys, values));
    }
}
