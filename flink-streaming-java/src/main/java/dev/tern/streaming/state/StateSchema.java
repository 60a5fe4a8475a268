package dev.tern.streaming.state;

import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.runtime.jobgraph.OperatorID;

import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the keyed operators of a task have registered: names, types and serializer snapshots of
 * their states and timer services. A new owner may not have registered all of them yet, since a
 * function can create a state when it first needs it. Immutable.
 */
public final class StateSchema {

    private static final int VERSION = 1;

    /** Far above what names and serializers of any operator take. */
    private static final int MAX_OPERATOR_BYTES = 16 << 20;

    private final TreeMap<OperatorID, byte[]> operators;

    StateSchema(Map<OperatorID, byte[]> operators) {
        this.operators = new TreeMap<>(operators);
    }

    /**
     * The schema of an operator in the format of its {@link StateMover}, or null if it has none.
     */
    byte[] of(OperatorID operator) {
        return operators.get(operator);
    }

    /** Writes the schema; {@link #read} is the inverse. */
    public void write(DataOutputView out) throws IOException {
        out.writeInt(VERSION);
        out.writeInt(operators.size());
        for (Map.Entry<OperatorID, byte[]> operator : operators.entrySet()) {
            out.writeLong(operator.getKey().getLowerPart());
            out.writeLong(operator.getKey().getUpperPart());
            out.writeInt(operator.getValue().length);
            out.write(operator.getValue());
        }
    }

    /** Reads what {@link #write} wrote; any thread. */
    public static StateSchema read(DataInputView in) throws IOException {
        int version = in.readInt();
        if (version != VERSION) {
            throw new IOException(
                    "State schema has version "
                            + version
                            + ", expected "
                            + VERSION
                            + "; all TaskManagers of a job must run the same release.");
        }
        Map<OperatorID, byte[]> operators = new TreeMap<>();
        for (int left = in.readInt(); left > 0; left--) {
            OperatorID operator = new OperatorID(in.readLong(), in.readLong());
            byte[] schema = new byte[checkedLength(in.readInt(), operator)];
            in.readFully(schema);
            operators.put(operator, schema);
        }
        return new StateSchema(operators);
    }

    private static int checkedLength(int length, OperatorID operator) throws IOException {
        if (length < 0 || length > MAX_OPERATOR_BYTES) {
            throw new IOException(
                    "The schema of operator "
                            + operator
                            + " announces "
                            + length
                            + " bytes, at most "
                            + MAX_OPERATOR_BYTES
                            + " are taken");
        }
        return length;
    }

    public byte[] toBytes() {
        DataOutputSerializer out = new DataOutputSerializer(1024);
        try {
            write(out);
        } catch (IOException e) {
            throw new IllegalStateException("Writing to memory cannot fail", e);
        }
        return out.getCopyOfBuffer();
    }

    public static StateSchema fromBytes(byte[] bytes) throws IOException {
        return read(new DataInputDeserializer(bytes));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof StateSchema that && Arrays.equals(toBytes(), that.toBytes());
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(toBytes());
    }

    @Override
    public String toString() {
        return "schema of " + operators.keySet();
    }
}
