package dev.tern.streaming.agent;

import dev.tern.rescale.control.CommandEvent;
import dev.tern.rescale.hooks.TaskHookHandler;
import dev.tern.rescale.request.RescaleControl;
import dev.tern.streaming.network.GateFactoryRegistry;

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
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;

/**
 * The agents of all tasks of this process, one a task, created when the first command arrives.
 *
 * <p>A task that is never rescaled has none, and its hooks find an empty map. An agent goes with its
 * task.
 */
public final class TaskAgents implements TaskHookHandler {

    private final Map<StreamTask<?, ?>, TaskAgent> byTask = new ConcurrentHashMap<>();
    private final Map<CheckpointedInputGate, TaskAgent> byGate = new ConcurrentHashMap<>();

    /** How many tasks have an agent at the moment. */
    public int size() {
        return byTask.size();
    }

    @Override
    public boolean onOperatorEvent(
            StreamTask<?, ?> task, OperatorID operator, SerializedValue<OperatorEvent> event) {
        if (!operator.equals(RescaleControl.OPERATOR_ID)) {
            return false;
        }
        try {
            task.mainMailboxExecutor.execute(() -> handle(task, event), "rescale command");
        } catch (RejectedExecutionException e) {
            // The task is closing; the coordinator learns it from the task's state.
        }
        return true;
    }

    @Override
    public void onInputEvent(CheckpointedInputGate gate, BufferOrEvent event) throws IOException {
        TaskAgent agent = byGate.get(gate);
        if (agent != null) {
            agent.onInputEvent(gate, event);
        }
    }

    @Override
    public void onGateCreated(
            SingleInputGate gate, SingleInputGateFactory factory, InputChannelMetrics metrics) {
        GateFactoryRegistry.remember(gate, factory, metrics);
    }

    private void handle(StreamTask<?, ?> task, SerializedValue<OperatorEvent> event)
            throws IOException, ClassNotFoundException {
        CommandEvent command =
                (CommandEvent) event.deserializeValue(TaskAgents.class.getClassLoader());
        TaskAgent agent = byTask.get(task);
        if (agent == null) {
            agent = register(task);
        }
        agent.handle(command);
    }

    private TaskAgent register(StreamTask<?, ?> task) throws IOException {
        TaskAgent agent = new TaskAgent(task);
        List<CheckpointedInputGate> gates = TaskInputs.gatesOf(task);
        // Closed when the task ends, in whichever way; a registry that is closed already throws.
        task.getCancelables()
                .registerCloseable(
                        () -> {
                            byTask.remove(task);
                            gates.forEach(byGate::remove);
                        });
        byTask.put(task, agent);
        gates.forEach(gate -> byGate.put(gate, agent));
        return agent;
    }
}
