package dev.tern.streaming.agent;

import dev.tern.rescale.control.CommandEvent;
import dev.tern.rescale.control.ReplyEvent;
import dev.tern.rescale.control.RouteMarker;
import dev.tern.rescale.control.TaskCommand;
import dev.tern.rescale.control.TaskReply;
import dev.tern.rescale.hooks.LiveTaskInfo;
import dev.tern.rescale.plan.Ownership;
import dev.tern.rescale.request.RescaleControl;
import dev.tern.streaming.handover.Handover;
import dev.tern.streaming.network.ChannelEnds;
import dev.tern.streaming.network.HeldEnds;
import dev.tern.streaming.network.InputResizer;
import dev.tern.streaming.network.LateChannels;
import dev.tern.streaming.network.OutputResizer;
import dev.tern.streaming.network.ResizableOutput;
import dev.tern.streaming.retire.OutstandingWrites;
import dev.tern.streaming.state.OwnershipAssertion;
import dev.tern.streaming.state.TaskKeyedState;

import org.apache.flink.runtime.checkpoint.channel.InputChannelInfo;
import org.apache.flink.runtime.io.network.partition.consumer.BufferOrEvent;
import org.apache.flink.runtime.jobgraph.IntermediateDataSetID;
import org.apache.flink.runtime.operators.coordination.OperatorEvent;
import org.apache.flink.streaming.runtime.io.checkpointing.CheckpointedInputGate;
import org.apache.flink.streaming.runtime.tasks.StreamTask;
import org.apache.flink.util.ExceptionUtils;
import org.apache.flink.util.SerializedValue;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/**
 * Carries out the commands of the rescale coordinator in one task.
 *
 * <p>Task mailbox thread. A command that fails is answered with the reason; the task goes on.
 */
final class TaskAgent {

    private static final Logger LOG = LoggerFactory.getLogger(TaskAgent.class);
    private static final Duration RETRY = Duration.ofMillis(2);

    private final StreamTask<?, ?> task;
    private final LateChannels lateChannels = new LateChannels();
    private final InputResizer inputs;
    private HeldEnds ends;
    private Handover handover;
    private Drain drain;
    private OwnershipAssertion assertion;
    private long lastEpoch;

    TaskAgent(StreamTask<?, ?> task) {
        this.task = task;
        this.inputs = new InputResizer(task, lateChannels);
    }

    void handle(CommandEvent event) {
        if (event.epoch() != 0 && event.epoch() < lastEpoch) {
            reply(
                    event,
                    new TaskReply.Failed(
                            "epoch " + event.epoch() + " is over; this is epoch " + lastEpoch));
            return;
        }
        lastEpoch = Math.max(lastEpoch, event.epoch());
        try {
            execute(event);
        } catch (Exception e) {
            LOG.warn("{} cannot {}.", task.getName(), event.command(), e);
            reply(event, new TaskReply.Failed(sentence(e)));
        }
    }

    void onInputEvent(CheckpointedInputGate gate, BufferOrEvent event) throws IOException {
        if (event.getEvent() instanceof RouteMarker marker) {
            if (handover != null) {
                handover.onMarker(gate, event.getChannelInfo(), marker);
            }
            if (drain != null) {
                drain.onMarker(event.getChannelInfo(), marker);
            }
        } else if (ChannelEnds.isEnd(event)) {
            onEnd(gate, event.getChannelInfo());
        } else {
            lateChannels.onEvent(gate, event);
        }
    }

    private void onEnd(CheckpointedInputGate gate, InputChannelInfo channel) {
        if (handover != null) {
            handover.onEnd(gate, channel);
        }
        if (drain != null) {
            drain.onEnd(channel);
        }
    }

    private void execute(CommandEvent event) throws Exception {
        TaskCommand command = event.command();
        if (command instanceof TaskCommand.Ping) {
            done(event);
        } else if (command instanceof TaskCommand.Inspect inspect) {
            reply(event, inspect(inspect));
        } else if (command instanceof TaskCommand.HoldEnd) {
            holdEnds();
            done(event);
        } else if (command instanceof TaskCommand.TellParallelism tell) {
            MergingUnderOneKey.keepKey(task);
            ((LiveTaskInfo) task.getEnvironment().getTaskInfo()).rescaled(tell.subtasks());
            releaseEnds();
            done(event);
        } else if (command instanceof TaskCommand.GrowOutput grow) {
            grow(grow);
            done(event);
        } else if (command instanceof TaskCommand.PrimeOutput prime) {
            for (ResizableOutput output : outputs(prime.results())) {
                output.prime();
            }
            done(event);
        } else if (command instanceof TaskCommand.GrowInput grow) {
            inputs.expectNoCheckpointUpTo(grow.lastCheckpoint());
            inputs.grow(grow.result(), grow.consumedSubpartition(), grow.producers());
            done(event);
        } else if (command instanceof TaskCommand.SettleInput settle) {
            inputs.settle(settle.result());
            done(event);
        } else if (command instanceof TaskCommand.AbandonInput abandon) {
            if (inputs.channels(abandon.result()) > abandon.producers()) {
                inputs.abandon(abandon.result(), abandon.producers());
            }
            done(event);
        } else if (command instanceof TaskCommand.PrepareOwner prepare) {
            reply(event, prepare(event.epoch(), prepare));
        } else if (command instanceof TaskCommand.BeginStep begin) {
            handoverOf(event)
                    .begin(begin.step(), begin.owners(), outcome -> reply(event, outcome));
        } else if (command instanceof TaskCommand.AwaitStep await) {
            handoverOf(event)
                    .whenStepDone(await, outcome -> reply(event, outcome));
        } else if (command instanceof TaskCommand.SwitchRoutes routes) {
            switchRoutes(event.epoch(), routes);
            done(event);
        } else if (command instanceof TaskCommand.SpreadRoutes routes) {
            spreadRoutes(event.epoch(), routes);
            done(event);
        } else if (command instanceof TaskCommand.BeginDrain) {
            drain = new Drain(task, event.epoch());
            done(event);
        } else if (command instanceof TaskCommand.AwaitDrain) {
            drain.whenDone(() -> done(event));
        } else if (command instanceof TaskCommand.PassOn pass) {
            passOn(event.epoch(), pass);
            done(event);
        } else if (command instanceof TaskCommand.CommitOwner commit) {
            endHandover(commit.ownership());
            done(event);
        } else if (command instanceof TaskCommand.AbortOwner abort) {
            endHandover(abort.ownership());
            done(event);
        } else if (command instanceof TaskCommand.CommitRoutes commit) {
            commitRoutes(commit);
            done(event);
        } else if (command instanceof TaskCommand.Seal) {
            // A writer that is sealed takes nothing any more.
            TaskKeyedState.of(task).flushAll();
            new OutstandingWrites(task).seal();
            done(event);
        } else if (command instanceof TaskCommand.AwaitCheckpoint await) {
            OutstandingWrites writes = new OutstandingWrites(task);
            onceTrue(event, () -> writes.hasCommitted(await.after()), () -> {});
        } else if (command instanceof TaskCommand.Retire) {
            done(event);
            retire();
        } else if (command instanceof TaskCommand.ShrinkInput shrink) {
            onceTrue(
                    event,
                    () -> inputs.hasEnded(shrink.result(), shrink.producers()),
                    () -> inputs.shrink(shrink.result(), shrink.producers()));
        } else if (command instanceof TaskCommand.ShrinkOutput shrink) {
            List<ResizableOutput> outputs = outputs(shrink.results());
            onceTrue(
                    event,
                    () -> outputs.stream().allMatch(o -> o.isConsumed(shrink.subpartitions())),
                    () -> shrink(outputs, shrink.subpartitions()));
        } else {
            throw new IllegalStateException("Unknown command " + command);
        }
    }

    private TaskReply inspect(TaskCommand.Inspect inspect) {
        TaskKeyedState state = TaskKeyedState.of(task);
        List<String> obstacles = state.obstacles(inspect.retiring(), inspect.keyed());
        Map<Integer, Long> bytes = new TreeMap<>();
        if (obstacles.isEmpty() && inspect.keyed()) {
            bytes.putAll(
                    state.keyGroupBytes(
                            Arrays.stream(state.ownedNonEmpty())
                                    .boxed()
                                    .collect(Collectors.toList())));
        }
        return new TaskReply.Inspected(
                obstacles,
                bytes,
                inspect.retiring() && new OutstandingWrites(task).needsCheckpoint());
    }

    private void grow(TaskCommand.GrowOutput grow) throws IOException {
        for (ResizableOutput output : outputs(grow.results())) {
            if (output.subpartitions() < grow.subpartitions()) {
                output.grow(grow.subpartitions());
            }
        }
    }

    private static void shrink(List<ResizableOutput> outputs, int subpartitions)
            throws IOException {
        for (ResizableOutput output : outputs) {
            if (output.subpartitions() > subpartitions) {
                output.shrink(subpartitions);
            }
        }
    }

    private void holdEnds() {
        if (ends == null) {
            ends = HeldEnds.hold(task, TaskInputs.processorsOf(task));
        }
    }

    private void releaseEnds() {
        if (ends != null) {
            ends.release();
            ends = null;
        }
    }

    private TaskReply prepare(long epoch, TaskCommand.PrepareOwner prepare) throws Exception {
        if (handover != null) {
            throw new IllegalStateException("is still in the hand-over of epoch " + handover.epoch());
        }
        holdEnds();
        TaskKeyedState state = TaskKeyedState.of(task);
        if (prepare.options().assertOwnership() && assertion == null) {
            assertion = state.watchOwnership(subtask());
        }
        Handover prepared =
                new Handover(
                        task, TaskInputs.processorsOf(task), state, assertion, epoch, prepare);
        task.getCancelables().registerCloseable(prepared);
        handover = prepared;
        return new TaskReply.Prepared(
                prepared.endpoint(),
                state.isOnHeap() ? FreeHeap.bytes() : TaskReply.Prepared.NOT_ON_HEAP);
    }

    private void switchRoutes(long epoch, TaskCommand.SwitchRoutes routes) throws IOException {
        for (ResizableOutput output : outputs(routes.results())) {
            output.setRoutes(routes.ownership().toTable(), routes.ownership().parallelism());
            if (routes.announced()) {
                output.announce(RouteMarker.overtaking(epoch, routes.step()));
            }
            output.broadcastMarker(new RouteMarker(epoch, routes.step()));
            output.limitBroadcasts(routes.liveSubtasks());
        }
    }

    private void spreadRoutes(long epoch, TaskCommand.SpreadRoutes routes) throws IOException {
        for (ResizableOutput output : outputs(routes.results())) {
            output.restoreContiguous(routes.subtasks());
            output.broadcastMarker(new RouteMarker(epoch, 0));
            output.limitBroadcasts(routes.subtasks());
        }
    }

    private void passOn(long epoch, TaskCommand.PassOn pass) throws Exception {
        TaskKeyedState.of(task).flushAll();
        for (ResizableOutput output : outputs(pass.results())) {
            output.broadcastMarker(new RouteMarker(epoch, 0));
        }
    }

    private void commitRoutes(TaskCommand.CommitRoutes commit) throws IOException {
        Ownership ownership = commit.ownership();
        for (ResizableOutput output : outputs(commit.results())) {
            if (ownership.isContiguous()) {
                output.restoreContiguous(ownership.parallelism());
            } else {
                output.setRoutes(ownership.toTable(), ownership.parallelism());
            }
            output.limitBroadcasts(ownership.parallelism());
        }
    }

    private void endHandover(Ownership ownership) throws Exception {
        if (handover != null) {
            Handover ending = handover;
            handover = null;
            task.getCancelables().unregisterCloseable(ending);
            ending.end(ownership);
        }
    }

    /** Ends the input without ending the job's data: no user function is finished. */
    private void retire() throws Exception {
        if (handover != null) {
            Handover ending = handover;
            handover = null;
            task.getCancelables().unregisterCloseable(ending);
            ending.close();
        }
        TaskKeyedState.of(task).flushAll();
        for (ResizableOutput output : outputs(null)) {
            output.announceRetirement();
        }
        task.inputProcessor = new RetiredInput(task.inputProcessor);
        task.mailboxProcessor.suspend();
    }

    private Handover handoverOf(CommandEvent event) {
        if (handover == null || handover.epoch() != event.epoch()) {
            throw new IllegalStateException("is not prepared for epoch " + event.epoch());
        }
        return handover;
    }

    private List<ResizableOutput> outputs(Set<IntermediateDataSetID> results) {
        Set<IntermediateDataSetID> wanted =
                results != null
                        ? results
                        : Arrays.stream(task.getEnvironment().getAllWriters())
                                .map(
                                        writer ->
                                                writer.getPartitionId()
                                                        .getPartitionId()
                                                        .getIntermediateDataSetID())
                                .collect(Collectors.toSet());
        return OutputResizer.outputsOf(task, wanted);
    }

    private int subtask() {
        return task.getEnvironment().getTaskInfo().getIndexOfThisSubtask();
    }

    private interface Action {
        void run() throws Exception;
    }

    /** Runs the action and answers, as soon as the condition holds; looks again after a while. */
    private void onceTrue(CommandEvent event, BooleanSupplier condition, Action action)
            throws Exception {
        if (condition.getAsBoolean()) {
            action.run();
            done(event);
        } else {
            task.getProcessingTimeServiceFactory()
                    .createProcessingTimeService(task.mainMailboxExecutor)
                    .registerTimer(
                            System.currentTimeMillis() + RETRY.toMillis(),
                            ignored -> handle(event));
        }
    }

    private void done(CommandEvent event) {
        reply(event, new TaskReply.Done());
    }

    private void reply(CommandEvent event, TaskReply reply) {
        try {
            OperatorEvent answer = new ReplyEvent(event.requestId(), event.epoch(), reply);
            task.getEnvironment()
                    .getOperatorCoordinatorEventGateway()
                    .sendOperatorEventToCoordinator(
                            RescaleControl.OPERATOR_ID, new SerializedValue<>(answer));
        } catch (IOException e) {
            throw new IllegalStateException("Cannot serialize " + reply, e);
        }
    }

    private static String sentence(Exception e) {
        Throwable bare = ExceptionUtils.stripCompletionException(e);
        return bare.getMessage() == null ? bare.toString() : bare.getMessage();
    }
}
