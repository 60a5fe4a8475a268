package dev.tern.tests;

import dev.tern.rescale.control.CommandEvent;
import dev.tern.rescale.control.ReplyEvent;
import dev.tern.rescale.control.RouteMarker;
import dev.tern.rescale.control.TaskReply;
import dev.tern.rescale.hooks.TaskHookHandler;
import dev.tern.rescale.request.RescaleControl;
import dev.tern.streaming.agent.TaskAgents;
import dev.tern.tests.Injection.Disturbance;

import org.apache.flink.runtime.executiongraph.ExecutionAttemptID;
import org.apache.flink.runtime.io.network.api.EndOfData;
import org.apache.flink.runtime.io.network.buffer.NetworkBufferPool;
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
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Stands before the task side of Tern, first on the class path of the tests, and disturbs what the
 * {@link Injection} of a job wants disturbed.
 */
public final class InjectingTaskHooks implements TaskHookHandler {

    /** No request has such a number: nobody waits for the answer. */
    private static final long NOBODYS_REQUEST = -1;

    private static final Set<NetworkBufferPool> POOLS = ConcurrentHashMap.newKeySet();

    private static final Map<String, Integer> ENDED_CHANNELS = new ConcurrentHashMap<>();

    private static final AtomicLong OVERTAKEN = new AtomicLong();

    private static final Set<TaskAgents> ALL = ConcurrentHashMap.newKeySet();

    private final TaskAgents agents = new TaskAgents();
    // Guards itself; what is behind a held command keeps its order.
    private final Map<StreamTask<?, ?>, Queue<SerializedValue<OperatorEvent>>> waiting =
            new HashMap<>();

    /** The network buffers of all TaskManagers of this process that have run tasks. */
    static Set<NetworkBufferPool> networkBufferPools() {
        return POOLS;
    }

    public InjectingTaskHooks() {
        ALL.add(agents);
    }

    /** On how many channels an attempt of a task has read the end of its data. */
    static int endedChannels(ExecutionAttemptID attempt) {
        return ENDED_CHANNELS.entrySet().stream()
                .filter(gate -> gate.getKey().contains(attempt.toString()))
                .mapToInt(Map.Entry::getValue)
                .sum();
    }

    /** How many buffers were queued in their channels when overtaking markers came, so far. */
    static long overtakenBuffers() {
        return OVERTAKEN.get();
    }

    /** How many tasks of this process have an agent. */
    static int agents() {
        return ALL.stream().mapToInt(TaskAgents::size).sum();
    }

    @Override
    public boolean onOperatorEvent(
            StreamTask<?, ?> task, OperatorID operator, SerializedValue<OperatorEvent> event) {
        Databases.seen(task);
        Injection injection =
                operator.equals(RescaleControl.OPERATOR_ID)
                        ? Injection.find(task.getEnvironment().getJobID())
                        : null;
        if (injection == null) {
            return agents.onOperatorEvent(task, operator, event);
        }
        synchronized (waiting) {
            Queue<SerializedValue<OperatorEvent>> behind = waiting.get(task);
            if (behind != null) {
                behind.add(event);
                injection.queuedBehind();
            } else {
                pass(injection, task, event);
            }
        }
        return true;
    }

    private void pass(
            Injection injection, StreamTask<?, ?> task, SerializedValue<OperatorEvent> event) {
        CommandEvent command = read(event);
        // Epoch 0 is a user's question about a rescale, not a rescale.
        Disturbance disturbance =
                command.epoch() == 0
                        ? null
                        : injection.disturbanceOf(
                                command.command(),
                                task.getEnvironment().getTaskInfo().getTaskName(),
                                task.getEnvironment().getTaskInfo().getIndexOfThisSubtask());
        if (disturbance == null) {
            deliver(injection, task, command);
            return;
        }
        switch (disturbance) {
            case LOSE_COMMAND -> {}
            case LOSE_REPLY ->
                    deliver(
                            injection,
                            task,
                            new CommandEvent(
                                    NOBODYS_REQUEST, command.epoch(), command.command()));
            case REFUSE -> refuse(task, command);
            case FAIL_TASK ->
                    task.getEnvironment()
                            .failExternally(new IllegalStateException("injected failure of a task"));
            case HOLD -> {
                Queue<SerializedValue<OperatorEvent>> behind = new ArrayDeque<>();
                behind.add(event);
                waiting.put(task, behind);
                injection.held(() -> goOn(injection, task));
            }
        }
    }

    private void goOn(Injection injection, StreamTask<?, ?> task) {
        synchronized (waiting) {
            for (SerializedValue<OperatorEvent> event : waiting.remove(task)) {
                deliver(injection, task, read(event));
            }
        }
    }

    private void deliver(Injection injection, StreamTask<?, ?> task, CommandEvent command) {
        agents.onOperatorEvent(
                task,
                RescaleControl.OPERATOR_ID,
                write(
                        new CommandEvent(
                                command.requestId(),
                                command.epoch(),
                                injection.rewritten(command.command()))));
    }

    private static void refuse(StreamTask<?, ?> task, CommandEvent command) {
        task.getEnvironment()
                .getOperatorCoordinatorEventGateway()
                .sendOperatorEventToCoordinator(
                        RescaleControl.OPERATOR_ID,
                        write(
                                new ReplyEvent(
                                        command.requestId(),
                                        command.epoch(),
                                        new TaskReply.Failed("injected refusal"))));
    }

    private static CommandEvent read(SerializedValue<OperatorEvent> event) {
        try {
            return (CommandEvent)
                    event.deserializeValue(InjectingTaskHooks.class.getClassLoader());
        } catch (IOException | ClassNotFoundException e) {
            throw new IllegalStateException("An unreadable command", e);
        }
    }

    private static SerializedValue<OperatorEvent> write(OperatorEvent event) {
        try {
            return new SerializedValue<>(event);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void onInputEvent(CheckpointedInputGate gate, BufferOrEvent event) throws IOException {
        int channel = event.getChannelInfo().getInputChannelIdx();
        if (event.getEvent() instanceof RouteMarker marker && marker.overtakes()) {
            OVERTAKEN.addAndGet(
                    gate.getChannel(channel).unsynchronizedGetNumberOfQueuedBuffers());
        }
        agents.onInputEvent(gate, event);
        if (event.getEvent() instanceof EndOfData) {
            String name = gate.getChannel(channel).inputGate.toString();
            ENDED_CHANNELS.merge(name, 1, Integer::sum);
        }
    }

    @Override
    public void onGateCreated(
            SingleInputGate gate, SingleInputGateFactory factory, InputChannelMetrics metrics) {
        POOLS.add(factory.networkBufferPool);
        agents.onGateCreated(gate, factory, metrics);
    }
}
