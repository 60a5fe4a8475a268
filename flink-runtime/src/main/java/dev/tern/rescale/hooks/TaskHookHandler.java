package dev.tern.rescale.hooks;

import org.apache.flink.runtime.io.network.metrics.InputChannelMetrics;
import org.apache.flink.runtime.io.network.partition.consumer.BufferOrEvent;
import org.apache.flink.runtime.io.network.partition.consumer.SingleInputGate;
import org.apache.flink.runtime.io.network.partition.consumer.SingleInputGateFactory;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.operators.coordination.OperatorEvent;
import org.apache.flink.streaming.runtime.io.checkpointing.CheckpointedInputGate;
import org.apache.flink.streaming.runtime.tasks.StreamTask;
import org.apache.flink.util.SerializedValue;

import java.io.IOException;

/**
 * The task side of Tern, found through {@link java.util.ServiceLoader}.
 *
 * <p>The runtime module declares the hooks, the streaming module implements them.
 */
public interface TaskHookHandler {

    /**
     * An operator event arrived for a task. Called by the TaskExecutor's RPC thread.
     *
     * @return true if the event was Tern's and must not reach the operators
     */
    boolean onOperatorEvent(
            StreamTask<?, ?> task, OperatorID operator, SerializedValue<OperatorEvent> event);

    /** An event was taken from an input channel. Called in the task mailbox thread. */
    void onInputEvent(CheckpointedInputGate gate, BufferOrEvent event) throws IOException;

    /** An input gate was created. Called by the thread that deploys the task. */
    void onGateCreated(
            SingleInputGate gate, SingleInputGateFactory factory, InputChannelMetrics metrics);
}
