package dev.tern.streaming.network;

import org.apache.flink.runtime.io.network.metrics.InputChannelMetrics;
import org.apache.flink.runtime.io.network.partition.consumer.SingleInputGate;
import org.apache.flink.runtime.io.network.partition.consumer.SingleInputGateFactory;

import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * Remembers what an input gate was made with, so that channels can be added to it later. Filled
 * by the hook on {@link SingleInputGateFactory#create}; an entry goes with its gate. Thread-safe.
 */
public final class GateFactoryRegistry {

    /**
     * What a gate was made with.
     *
     * @param factory knows the collaborators and settings of the process
     * @param metrics counters of the task
     */
    public record Origin(SingleInputGateFactory factory, InputChannelMetrics metrics) {}

    private static final Map<SingleInputGate, Origin> ORIGINS =
            Collections.synchronizedMap(new WeakHashMap<>());

    private GateFactoryRegistry() {}

    /** Remembers a new gate. */
    public static void remember(
            SingleInputGate gate, SingleInputGateFactory factory, InputChannelMetrics metrics) {
        ORIGINS.put(gate, new Origin(factory, metrics));
    }

    /**
     * What the gate was made with.
     *
     * @throws IllegalStateException if the hook has not seen the gate
     */
    static Origin originOf(SingleInputGate gate) {
        Origin origin = ORIGINS.get(gate);
        if (origin == null) {
            throw new IllegalStateException(
                    gate + " was not seen by the hook on its factory; is the runtime woven?");
        }
        return origin;
    }
}
