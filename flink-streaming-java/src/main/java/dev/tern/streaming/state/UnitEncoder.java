package dev.tern.streaming.state;

import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.runtime.jobgraph.OperatorID;

import java.io.IOException;
import java.util.Map;

/** Writes detached units; built in the mailbox thread, used on any number of transfer threads. */
public final class UnitEncoder {

    static final int MAGIC = 0x5455_0001;
    static final int END = 0x454e_4421;

    private final CodecPool codecs;

    UnitEncoder(Map<OperatorID, UnitCodec> codecs) {
        this.codecs = new CodecPool(codecs);
    }

    /**
     * Writes a unit that was detached before this encoder was built. The unit is read, not changed:
     * it can be written again, or be installed, once this returns.
     */
    public void write(DetachedUnit unit, DataOutputView out) throws IOException {
        Map<OperatorID, UnitCodec> own = codecs.take();
        out.writeInt(MAGIC);
        out.writeInt(unit.keyGroup());
        out.writeInt(unit.operators().size());
        for (Map.Entry<OperatorID, OperatorUnit> operator : unit.operators().entrySet()) {
            UnitCodec codec = own.get(operator.getKey());
            if (codec == null) {
                throw new IOException(
                        unit
                                + " has state of operator "
                                + operator.getKey()
                                + ", which this encoder does not know: it belongs to another"
                                + " task.");
            }
            out.writeLong(operator.getKey().getLowerPart());
            out.writeLong(operator.getKey().getUpperPart());
            codec.write(operator.getValue(), out);
        }
        out.writeInt(END);
        codecs.giveBack(own);
    }
}
