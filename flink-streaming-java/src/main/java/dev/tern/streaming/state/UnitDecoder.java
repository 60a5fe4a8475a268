package dev.tern.streaming.state;

import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.runtime.jobgraph.OperatorID;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * Reads units that a {@link UnitEncoder} of one subtask wrote; built in the mailbox thread, used on
 * any number of transfer threads.
 */
public final class UnitDecoder {

    private final CodecPool codecs;
    private final ClassLoader userClassLoader;

    UnitDecoder(Map<OperatorID, UnitCodec> codecs, ClassLoader userClassLoader) {
        this.codecs = new CodecPool(codecs);
        this.userClassLoader = userClassLoader;
    }

    /**
     * Reads one unit, to its last byte.
     *
     * @param keyGroup the expected key group
     * @throws IOException if another key group or another format is found
     */
    public DetachedUnit read(int keyGroup, DataInputView in) throws IOException {
        expect("format", UnitEncoder.MAGIC, in.readInt(), keyGroup);
        expect("key group", keyGroup, in.readInt(), keyGroup);
        Map<OperatorID, UnitCodec> own = codecs.take();
        Map<OperatorID, OperatorUnit> operators = new HashMap<>();
        for (int left = in.readInt(); left > 0; left--) {
            OperatorID operator = new OperatorID(in.readLong(), in.readLong());
            UnitCodec codec = own.get(operator);
            if (codec == null) {
                throw new IOException(
                        "Unit "
                                + keyGroup
                                + " has state of operator "
                                + operator
                                + ", which is not in the schema it was announced with.");
            }
            operators.put(operator, codec.read(keyGroup, in));
        }
        expect("end mark", UnitEncoder.END, in.readInt(), keyGroup);
        codecs.giveBack(own);
        return new DetachedUnit(keyGroup, operators, userClassLoader);
    }

    private static void expect(String what, int expected, int actual, int keyGroup)
            throws IOException {
        if (expected != actual) {
            throw new IOException(
                    String.format(
                            "Unit %d cannot be read: %s is 0x%x, expected 0x%x. The bytes are"
                                    + " damaged or the serializers of the two owners differ.",
                            keyGroup, what, actual, expected));
        }
    }
}
