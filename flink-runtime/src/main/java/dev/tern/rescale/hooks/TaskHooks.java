package dev.tern.rescale.hooks;

import org.apache.flink.runtime.deployment.InputGateDeploymentDescriptor;
import org.apache.flink.runtime.io.network.metrics.InputChannelMetrics;
import org.apache.flink.runtime.io.network.partition.PartitionProducerStateProvider;
import org.apache.flink.runtime.io.network.partition.consumer.BufferOrEvent;
import org.apache.flink.runtime.io.network.partition.consumer.SingleInputGate;
import org.apache.flink.runtime.io.network.partition.consumer.SingleInputGateFactory;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.operators.coordination.OperatorEvent;
import org.apache.flink.runtime.shuffle.ShuffleIOOwnerContext;
import org.apache.flink.streaming.runtime.io.checkpointing.CheckpointedInputGate;
import org.apache.flink.streaming.runtime.tasks.StreamTask;
import org.apache.flink.util.SerializedValue;

import java.io.IOException;
import java.util.Iterator;
import java.util.ServiceLoader;

/** Targets of the hooks in Flink's task side; the signatures are fixed by the opening step. */
public final class TaskHooks {

    private static final TaskHookHandler HANDLER = load();

    private TaskHooks() {}

    /** From {@code StreamTask#dispatchOperatorEvent}; true keeps the event from the operators. */
    public static boolean onOperatorEvent(
            StreamTask<?, ?> task, OperatorID operator, SerializedValue<OperatorEvent> event) {
        return HANDLER != null && HANDLER.onOperatorEvent(task, operator, event);
    }

    /** From {@code CheckpointedInputGate#handleEvent}. */
    public static void onInputEvent(CheckpointedInputGate gate, BufferOrEvent event)
            throws IOException {
        if (HANDLER != null) {
            HANDLER.onInputEvent(gate, event);
        }
    }

    /** From {@code SingleInputGateFactory#create}, with the created gate first. */
    public static void onGateCreated(
            SingleInputGate gate,
            SingleInputGateFactory factory,
            ShuffleIOOwnerContext owner,
            int gateIndex,
            InputGateDeploymentDescriptor descriptor,
            PartitionProducerStateProvider producerStates,
            InputChannelMetrics metrics) {
        if (HANDLER != null) {
            HANDLER.onGateCreated(gate, factory, metrics);
        }
    }

    private static TaskHookHandler load() {
        Iterator<TaskHookHandler> handlers =
                ServiceLoader.load(TaskHookHandler.class, TaskHooks.class.getClassLoader())
                        .iterator();
        return handlers.hasNext() ? handlers.next() : null;
    }
}
