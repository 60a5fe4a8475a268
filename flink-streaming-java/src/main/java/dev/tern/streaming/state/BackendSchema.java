package dev.tern.streaming.state;

import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSchemaCompatibility;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.runtime.state.KeyedBackendSerializationProxy;
import org.apache.flink.runtime.state.metainfo.StateMetaInfoSnapshot;
import org.apache.flink.runtime.state.metainfo.StateMetaInfoSnapshot.CommonSerializerKeys;

import java.io.IOException;
import java.util.List;

/**
 * What a keyed backend has registered, in the format of a checkpoint's header.
 *
 * @param keySerializer configuration of the key serializer
 * @param states key-value states and timer queues
 */
public record BackendSchema(
        TypeSerializerSnapshot<?> keySerializer, List<StateMetaInfoSnapshot> states) {

    /** Writes a schema; {@link #parse} is the inverse. */
    public static byte[] write(TypeSerializer<?> keySerializer, List<StateMetaInfoSnapshot> states)
            throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(512);
        new KeyedBackendSerializationProxy<>(keySerializer, states, false).write(out);
        return out.getCopyOfBuffer();
    }

    /** Reads what {@link #write} wrote. */
    public static BackendSchema parse(byte[] bytes, ClassLoader userCode) throws IOException {
        KeyedBackendSerializationProxy<?> proxy = new KeyedBackendSerializationProxy<>(userCode);
        proxy.read(new DataInputDeserializer(bytes));
        return new BackendSchema(
                proxy.getKeySerializerSnapshot(), proxy.getStateMetaInfoSnapshots());
    }

    /** Like {@link #reader(TypeSerializer, TypeSerializerSnapshot, String)}, for keys. */
    public TypeSerializer<?> keyReader(TypeSerializer<?> own) throws IOException {
        return reader(own, keySerializer, "key");
    }

    /** Like {@link #reader(TypeSerializer, TypeSerializerSnapshot, String)}, for a state. */
    public static TypeSerializer<?> reader(
            TypeSerializer<?> own, StateMetaInfoSnapshot state, CommonSerializerKeys part)
            throws IOException {
        return reader(
                own, state.getTypeSerializerSnapshot(part), "state '" + state.getName() + "'");
    }

    /**
     * A serializer that reads what the old owner wrote, not shared with the task. That is our own
     * only if both have the same format: after a restore with an evolved type, the serializer of a
     * survivor may be configured otherwise than that of a subtask that started empty.
     */
    static TypeSerializer<?> reader(
            TypeSerializer<?> own, TypeSerializerSnapshot<?> written, String what)
            throws IOException {
        return compatibility(own, written, what).isCompatibleAsIs()
                ? own.duplicate()
                : written.restoreSerializer();
    }

    /**
     * Checks that bytes of the old owner can stay as they are.
     *
     * @throws IOException if its serializer writes another format than ours
     */
    public static void requireSameFormat(
            TypeSerializer<?> own, TypeSerializerSnapshot<?> written, String what)
            throws IOException {
        if (!compatibility(own, written, what).isCompatibleAsIs()) {
            throw new IOException(
                    "Serializer "
                            + own.getClass().getName()
                            + " of "
                            + what
                            + " does not write here what it writes at the old owner: only one of the"
                            + " two has used the state since its type was changed. A restart brings"
                            + " both to the same format.");
        }
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static TypeSerializerSchemaCompatibility<?> compatibility(
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
        return compatibility;
    }
}
