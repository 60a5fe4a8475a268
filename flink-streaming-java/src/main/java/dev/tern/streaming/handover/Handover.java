package dev.tern.streaming.handover;

import dev.tern.rescale.control.RouteMarker;
import dev.tern.rescale.control.TaskCommand.AwaitStep;
import dev.tern.rescale.control.TaskCommand.OwnerAddress;
import dev.tern.rescale.control.TaskCommand.PrepareOwner;
import dev.tern.rescale.control.TaskReply;
import dev.tern.rescale.plan.MigrationStep;
import dev.tern.rescale.plan.Ownership;
import dev.tern.rescale.transfer.TransferEndpoint;
import dev.tern.rescale.transfer.TransferException;
import dev.tern.streaming.state.OwnershipAssertion;
import dev.tern.streaming.state.TaskKeyedState;

import org.apache.flink.runtime.checkpoint.channel.InputChannelInfo;
import org.apache.flink.streaming.runtime.io.StreamOneInputProcessor;
import org.apache.flink.streaming.runtime.io.checkpointing.CheckpointedInputGate;
import org.apache.flink.streaming.runtime.tasks.StreamTask;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The part of one task in one migration, step by step.
 *
 * <p>{@link Owner} holds what lasts, {@link HandoverStep} what belongs to one step, and a {@link
 * HandoverPolicy} decides what protocols do differently. Task mailbox thread; {@link #close} may be
 * called by the thread that cancels the task.
 */
public final class Handover implements Closeable {

    private final HandoverPolicy policy;
    private final Owner owner;

    /** Null before the first one. */
    private HandoverStep step;

    /**
     * Gets the task ready: room for what will come, a place to serve what will leave.
     *
     * @param assertion checks every selected key; null when that is not wanted
     */
    public Handover(
            StreamTask<?, ?> task,
            List<StreamOneInputProcessor<?>> processors,
            TaskKeyedState state,
            OwnershipAssertion assertion,
            long epoch,
            PrepareOwner prepare)
            throws TransferException {
        this.policy = HandoverPolicy.of(prepare.options().choices());
        this.owner = new Owner(task, processors, state, assertion, policy, epoch, prepare);
    }

    public long epoch() {
        return owner.epoch();
    }

    /** Where the process of this task serves units. */
    public TransferEndpoint endpoint() throws TransferException {
        return owner.endpoint();
    }

    /**
     * A step is about to be marked in the channels.
     *
     * @param owners where old owners are found, by subtask index
     * @param ready called back, once, when the task is ready for the marker, or is not
     */
    public void begin(
            MigrationStep next, Map<Integer, OwnerAddress> owners, Consumer<TaskReply> ready)
            throws IOException {
        if (step != null && !step.isOver()) {
            throw new IllegalStateException("Step " + step.index() + " is not over");
        }
        step = new HandoverStep(owner, policy, next);
        step.request(owners, ready);
    }

    /** A channel shows a marker. */
    public void onMarker(
            CheckpointedInputGate gate, InputChannelInfo channel, RouteMarker marker) {
        if (step != null) {
            step.onMarker(gate, channel, marker);
        }
    }

    /** No record comes on a channel any more. */
    public void onEnd(CheckpointedInputGate gate, InputChannelInfo channel) {
        if (step != null) {
            step.onEnd(gate, channel);
        }
    }

    /** Calls back, once, when every unit of the step has left or arrived. */
    public void whenStepDone(AwaitStep await, Consumer<TaskReply> callback) throws Exception {
        int awaited = await.step();
        if (step == null || awaited != step.index()) {
            throw new IllegalStateException(
                    "Step " + awaited + " is not " + (step == null ? "begun" : step.index()));
        }
        step.whenDone(await.latest(), callback);
    }

    /** The migration is over with this ownership. */
    public void end(Ownership ownership) throws Exception {
        owner.end(ownership);
    }

    /** Frees what the hand-over holds outside of the task. */
    @Override
    public void close() {
        owner.close();
    }
}
