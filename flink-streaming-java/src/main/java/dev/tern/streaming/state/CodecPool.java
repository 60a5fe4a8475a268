package dev.tern.streaming.state;

import org.apache.flink.runtime.jobgraph.OperatorID;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

/** Hands a codec set of its own to every thread that needs one; thread-safe. */
final class CodecPool {

    private final Map<OperatorID, UnitCodec> prototypes;
    private final ArrayDeque<Map<OperatorID, UnitCodec>> idle = new ArrayDeque<>();

    /** Takes ownership of the codecs, which nobody else may use. */
    CodecPool(Map<OperatorID, UnitCodec> prototypes) {
        this.prototypes = prototypes;
    }

    synchronized Map<OperatorID, UnitCodec> take() {
        Map<OperatorID, UnitCodec> codecs = idle.poll();
        if (codecs != null) {
            return codecs;
        }
        Map<OperatorID, UnitCodec> fresh = new HashMap<>();
        prototypes.forEach((operator, codec) -> fresh.put(operator, codec.duplicate()));
        return fresh;
    }

    /** Not called after a failure: a serializer may be left half-way. */
    synchronized void giveBack(Map<OperatorID, UnitCodec> codecs) {
        idle.add(codecs);
    }
}
