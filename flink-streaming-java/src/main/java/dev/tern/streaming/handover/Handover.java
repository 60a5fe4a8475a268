package dev.tern.streaming.handover;

import dev.tern.rescale.checkpoint.CheckpointFiling;
import dev.tern.rescale.control.RouteMarker;
import dev.tern.rescale.control.TaskCommand.OwnerAddress;
import dev.tern.rescale.control.TaskCommand.PrepareOwner;
import dev.tern.rescale.control.TaskReply;
import dev.tern.rescale.plan.MigrationStep;
import dev.tern.rescale.plan.Ownership;
import dev.tern.rescale.transfer.TransferEndpoint;
import dev.tern.rescale.transfer.TransferException;
import dev.tern.rescale.transfer.TransferService;
import dev.tern.rescale.transfer.TransferSession;
import dev.tern.streaming.network.ChannelEnds;
import dev.tern.streaming.state.BroadcastStates;
import dev.tern.streaming.state.DetachedUnit;
import dev.tern.streaming.state.OwnershipAssertion;
import dev.tern.streaming.state.TaskKeyedState;

import org.apache.flink.runtime.checkpoint.channel.InputChannelInfo;
import org.apache.flink.runtime.taskmanager.TaskManagerRuntimeInfo;
import org.apache.flink.streaming.runtime.io.StreamOneInputProcessor;
import org.apache.flink.streaming.runtime.io.checkpointing.CheckpointedInputGate;
import org.apache.flink.streaming.runtime.tasks.StreamTask;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * The part of one task in one migration, for strategies with hand-over {@code aligned}: a unit
 * leaves when every input channel has shown the marker, and its records wait at the new owner.
 *
 * <p>The kernel of the task side: unit states, marker alignment, set-aside records, watermark hold.
 * Task mailbox thread; {@link #close} may be called by the thread that cancels the task.
 */
public final class Handover implements Closeable {

    private static final Logger LOG = LoggerFactory.getLogger(Handover.class);

    private final StreamTask<?, ?> task;
    private final TaskKeyedState state;
    private final OwnershipAssertion assertion;
    private final long epoch;
    private final PrepareOwner prepare;
    private final int subtask;
    private final UnitTable units;
    private final SetAsideRecords setAside;
    private final HandoverInputs inputs;
    private final TransferService transfer;
    private final TransferSession session;
    private final Departures departures;

    private final BroadcastStates broadcastStates;
    private final Queue<DetachedUnit> arrived = new ArrayDeque<>();

    private Alignment alignment;
    private BroadcastCopy copy;
    private Arrivals arrivals;
    private StepOutcome outcome;
    private int step = -1;
    private boolean switching;

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
        this.task = task;
        this.state = state;
        this.broadcastStates = BroadcastStates.of(task);
        this.assertion = assertion;
        this.epoch = epoch;
        this.prepare = prepare;
        this.subtask = task.getEnvironment().getTaskInfo().getIndexOfThisSubtask();
        BitSet before = prepare.before().ownedBy(subtask);
        BitSet room = prepare.after().ownedBy(subtask);
        room.or(before);
        if (!room.isEmpty()) {
            state.rebase(Ownership.hullOf(room));
        }
        this.units = new UnitTable(subtask, prepare.before().keyGroups(), before);
        TaskManagerRuntimeInfo process = task.getEnvironment().getTaskManagerInfo();
        this.setAside =
                new SetAsideRecords(
                        prepare.options().setAsideBytes(),
                        Arrays.stream(process.getTmpDirectories())
                                .map(File::new)
                                .toArray(File[]::new));
        this.inputs =
                new HandoverInputs(
                        task, processors, prepare.before().keyGroups(), units, setAside);
        this.session =
                new TransferSession(
                        task.getEnvironment().getJobID(),
                        task.getEnvironment().getExecutionId().toString(),
                        epoch);
        this.transfer =
                TransferService.acquire(
                        prepare.self(),
                        process.getConfiguration(),
                        process.getTaskManagerExternalAddress());
        this.departures = Departures.open(prepare.self(), session, prepare.before().keyGroups());
        try {
            transfer.serve(session, departures);
        } catch (TransferException e) {
            close();
            throw e;
        }
        watch();
    }

    public long epoch() {
        return epoch;
    }

    /** Where the process of this task serves units. */
    public TransferEndpoint endpoint() throws TransferException {
        return transfer.endpoint();
    }

    /**
     * A step is about to be marked in the channels. Old owners are greeted first: a connection that
     * cannot be made must be found before a record has changed its way, and the time it takes must
     * not be time in which records wait.
     *
     * @param ready called back, once, when the task is ready for the marker, or is not
     */
    public void begin(
            MigrationStep next, Map<Integer, OwnerAddress> owners, Consumer<TaskReply> ready)
            throws IOException {
        if (step >= 0 && !outcome.isKnown()) {
            throw new IllegalStateException("Step " + step + " is not over");
        }
        state.scatter();
        step = next.index();
        outcome = new StepOutcome();
        switching = false;
        units.begin(next);
        Set<InputChannelInfo> ended = ChannelEnds.of(task);
        inputs.begin(ended);
        copy = BroadcastCopy.of(prepare, subtask, step, inputs.hasBroadcast());
        alignment = new Alignment(channels(), ended);
        Arrivals coming =
                new Arrivals(
                        task, state, transfer, session.job(), epoch, prepare, this::install, this::fail);
        arrivals = coming;
        Set<Integer> givers = new TreeSet<>(Arrivals.givers(next, subtask));
        if (copy.takes()) {
            givers.add(BroadcastCopy.GIVER);
        }
        coming.greet(
                givers,
                owners,
                problem -> {
                    if (problem == null) {
                        coming.request(next, subtask, owners);
                        if (copy.takes()) {
                            coming.requestBroadcast(
                                    owners.get(BroadcastCopy.GIVER), this::installBroadcast);
                        }
                        ready.accept(new TaskReply.Done());
                    } else {
                        ready.accept(new TaskReply.Failed(problem));
                    }
                });
    }

    /**
     * A channel shows the marker. Those of an earlier epoch or step mean nothing any more: a new
     * owner is done with a step when its units are installed, which may be before a slow channel has
     * shown the marker. Those of a later step belong to others.
     */
    public void onMarker(
            CheckpointedInputGate gate, InputChannelInfo channel, RouteMarker marker) {
        if (marker.epoch() != epoch || marker.step() != step) {
            return;
        }
        switching = true;
        boolean first = alignment.onMarker(channel);
        if (first) {
            LOG.debug("{}: first marker of epoch {} step {}.", task.getName(), epoch, step);
        }
        inputs.onAligned(gate, channel);
        if (first && isUnsettled()) {
            inputs.hold();
        }
        goOn();
    }

    /**
     * No record comes on a channel any more, and maybe no marker. Nothing leaves for that alone: as
     * long as some task may not be ready for the step, it can be taken back.
     */
    public void onEnd(CheckpointedInputGate gate, InputChannelInfo channel) {
        if (alignment != null) {
            alignment.onEnd(channel);
            inputs.onAligned(gate, channel);
            if (switching) {
                goOn();
            }
        }
    }

    private void goOn() {
        if (inputs.hasBroadcast() || alignment.isComplete()) {
            try {
                advance();
            } catch (Exception e) {
                throw new IllegalStateException(
                        "Units of step " + step + " cannot leave subtask " + subtask, e);
            }
        }
    }

    /**
     * Calls back, once, when every unit of the step has left or arrived. Whoever asks has told the
     * upstream tasks to switch, or is about to: where all channels have ended, no marker tells.
     */
    public void whenStepDone(int awaitedStep, Consumer<TaskReply> callback) {
        if (awaitedStep != step) {
            throw new IllegalStateException("Step " + awaitedStep + " is not step " + step);
        }
        outcome.whenKnown(callback);
        switching = true;
        goOn();
    }

    /** The migration is over with this ownership. */
    public void end(Ownership ownership) throws Exception {
        inputs.release();
        inputs.remove();
        close();
        BitSet owned = ownership.ownedBy(subtask);
        if (!owned.isEmpty()) {
            state.rebase(Ownership.hullOf(owned));
        }
        state.settle(CheckpointFiling.isRanges(ownership.toTable(), ownership.parallelism()));
        if (assertion != null) {
            assertion.update(epoch, owned);
        }
    }

    /** Frees what the hand-over holds outside of the task. */
    @Override
    public void close() {
        departures.close();
        transfer.withdraw(session);
        transfer.close();
        try {
            setAside.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Does what the markers seen so far allow. */
    private void advance() throws Exception {
        if (inputs.isBroadcastAligned()) {
            if (copy.isToGive()) {
                departures.copied(broadcastStates.copy());
                copy.finish();
            }
            installWaiting();
        }
        if (alignment.isComplete()) {
            depart();
        }
    }

    private void depart() throws Exception {
        List<Integer> leaving = units.leaving();
        if (!leaving.isEmpty()) {
            inputs.catchUp();
            state.flushKeyed();
        }
        List<DetachedUnit> left = state.detachAll(leaving);
        leaving.forEach(units::left);
        LOG.debug(
                "{}: aligned in epoch {} step {}, {} units leave.",
                task.getName(),
                epoch,
                step,
                left.size());
        if (!left.isEmpty()) {
            departures.departed(step, state.schema(), state.encoder(), left);
            watch();
        }
        settle();
    }

    /** A unit arrives; it is installed when broadcast state here is as it was when the unit left. */
    private void install(DetachedUnit unit) throws Exception {
        arrived.add(unit);
        installWaiting();
    }

    private void installBroadcast(byte[] bytes) throws Exception {
        broadcastStates.install(bytes);
        copy.finish();
        LOG.debug("{}: {} bytes of broadcast state arrived.", task.getName(), bytes.length);
        installWaiting();
    }

    private void installWaiting() throws Exception {
        if (copy.isToCome() || !inputs.isBroadcastAligned()) {
            return;
        }
        while (!arrived.isEmpty()) {
            installNow(arrived.poll());
        }
        settle();
    }

    private void installNow(DetachedUnit unit) throws Exception {
        LOG.trace("{}: {} arrived.", task.getName(), unit);
        state.install(unit);
        units.installed(unit.keyGroup());
        watch();
        state.fireDueEventTimers();
        arrivals.suspended(inputs.replay(unit.keyGroup()));
    }

    /** Whatever may go on now goes on. */
    private void settle() throws Exception {
        if (isUnsettled()) {
            return;
        }
        inputs.release();
        if (!outcome.isKnown()) {
            arrivals.whenCounted(
                    () -> {
                        TaskReply report = arrivals.report(setAside);
                        LOG.debug("{}: step {} is over: {}.", task.getName(), step, report);
                        outcome.end(report);
                    });
        }
    }

    private boolean isUnsettled() {
        return units.expectsAny() || units.hasLeaving() || !copy.isDone();
    }

    private void fail(String problem) {
        outcome.end(new TaskReply.Failed(problem));
    }

    private void watch() {
        if (assertion != null) {
            assertion.update(epoch, units.processable());
        }
    }

    private int channels() {
        return Arrays.stream(task.getEnvironment().getAllInputGates())
                .mapToInt(gate -> gate.getNumberOfInputChannels())
                .sum();
    }
}
