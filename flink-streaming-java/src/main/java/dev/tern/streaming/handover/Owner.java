package dev.tern.streaming.handover;

import dev.tern.rescale.checkpoint.CheckpointFiling;
import dev.tern.rescale.control.TaskCommand.PrepareOwner;
import dev.tern.rescale.plan.MigrationStep;
import dev.tern.rescale.plan.Move;
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
import org.apache.flink.streaming.runtime.tasks.StreamTask;
import org.apache.flink.util.function.ThrowingConsumer;
import org.apache.flink.util.function.ThrowingRunnable;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/**
 * One task as an owner of units for one migration: its state, what stands before its inputs, and
 * what it serves to other owners. When a unit leaves or is installed is decided by {@link
 * HandoverStep}.
 *
 * <p>Task mailbox thread; {@link #close} may be called by the thread that cancels the task.
 */
final class Owner implements Closeable {

    private static final Logger LOG = LoggerFactory.getLogger(Owner.class);

    private final StreamTask<?, ?> task;
    private final TaskKeyedState state;
    private final OwnershipAssertion assertion;
    private final long epoch;
    private final PrepareOwner prepare;
    private final int subtask;
    private final UnitTable units;
    private final UnitRecords records;
    private final SetAsideRecords setAside;
    private final HandoverInputs inputs;
    private final TransferService transfer;
    private final TransferSession session;
    private final Departures departures;
    private final BroadcastStates broadcastStates;

    /**
     * Makes room for what will come, and a place to serve what will leave.
     *
     * @param assertion checks every selected key; null when that is not wanted
     */
    Owner(
            StreamTask<?, ?> task,
            List<StreamOneInputProcessor<?>> processors,
            TaskKeyedState state,
            OwnershipAssertion assertion,
            HandoverPolicy policy,
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
        int keyGroups = prepare.before().keyGroups();
        this.units = new UnitTable(subtask, keyGroups, before);
        this.records = new UnitRecords(units, policy, keyGroups);
        TaskManagerRuntimeInfo process = task.getEnvironment().getTaskManagerInfo();
        this.setAside =
                new SetAsideRecords(
                        prepare.options().setAsideBytes(),
                        Arrays.stream(process.getTmpDirectories())
                                .map(File::new)
                                .toArray(File[]::new));
        this.inputs =
                new HandoverInputs(task, processors, keyGroups, records, setAside);
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
        this.departures = Departures.open(prepare.self(), session, keyGroups);
        try {
            transfer.serve(session, departures);
        } catch (TransferException e) {
            close();
            throw e;
        }
        watch();
    }

    /** For log lines. */
    String name() {
        return task.getName();
    }

    long epoch() {
        return epoch;
    }

    int subtask() {
        return subtask;
    }

    UnitTable units() {
        return units;
    }

    UnitRecords records() {
        return records;
    }

    HandoverInputs inputs() {
        return inputs;
    }

    SetAsideRecords setAside() {
        return setAside;
    }

    /** Where the process of this task serves units. */
    TransferEndpoint endpoint() throws TransferException {
        return transfer.endpoint();
    }

    /** How many input channels there are, of all inputs. */
    int channels() {
        return Arrays.stream(task.getEnvironment().getAllInputGates())
                .mapToInt(gate -> gate.getNumberOfInputChannels())
                .sum();
    }

    /**
     * A step begins.
     *
     * @return the channels on which no record comes any more
     */
    Set<InputChannelInfo> begin(MigrationStep step) throws IOException {
        state.scatter();
        units.begin(step);
        Set<InputChannelInfo> ended = ChannelEnds.of(task);
        inputs.begin(ended);
        return ended;
    }

    /** What comes here in one step. */
    Arrivals arrivals(
            ThrowingConsumer<DetachedUnit, Exception> install, Consumer<String> fail) {
        return new Arrivals(
                task, state, transfer, session.job(), epoch, prepare, install, fail);
    }

    /** The part of this task in copying broadcast state in a step. */
    BroadcastCopy broadcastCopy(int step) {
        return BroadcastCopy.of(prepare, subtask, step, inputs.hasBroadcast());
    }

    /** A copy of broadcast state is made for whoever needs it. */
    void giveBroadcast() throws Exception {
        departures.copied(broadcastStates.copy());
    }

    /** A copy of broadcast state has come. */
    void takeBroadcast(byte[] bytes) throws Exception {
        broadcastStates.install(bytes);
        LOG.debug("{}: {} bytes of broadcast state arrived.", task.getName(), bytes.length);
    }

    /** All units that are to leave in a step leave. */
    void leave(int step) throws Exception {
        List<Integer> leaving = units.leaving();
        if (!leaving.isEmpty()) {
            state.flushKeyed();
        }
        List<DetachedUnit> left = state.detachAll(leaving);
        leaving.forEach(units::left);
        LOG.debug("{}: {} units leave in epoch {} step {}.", name(), left.size(), epoch, step);
        if (!left.isEmpty()) {
            departures.departed(step, state.schema(), state.encoder(), left);
            watch();
        }
    }

    /**
     * A unit is installed, and what is due is done.
     *
     * @param followed whether late records of it may follow
     */
    void install(DetachedUnit unit, boolean followed) throws Exception {
        LOG.trace("{}: {} arrived.", task.getName(), unit);
        state.install(unit);
        if (followed) {
            units.installedAhead(unit.keyGroup());
        } else {
            units.installed(unit.keyGroup());
        }
        watch();
        state.fireDueEventTimers();
    }

    /** Room for what comes late in a step, for each new owner. */
    Map<Integer, LateRecords> reRoute(MigrationStep step, ThrowingRunnable<Exception> ended) {
        Map<Integer, LateRecords> byTaker = new HashMap<>();
        String[] directories = task.getEnvironment().getTaskManagerInfo().getTmpDirectories();
        for (Move move : step.moves()) {
            if (move.from() == subtask) {
                byTaker.computeIfAbsent(
                        move.to(),
                        taker ->
                                new LateRecords(
                                        channels(),
                                        prepare.options().setAsideBytes(),
                                        new File(directories[taker % directories.length]),
                                        () -> inMailbox(ended)));
            }
        }
        departures.reRoute(byTaker);
        return byTaker;
    }

    /** The migration is over with this ownership. */
    void end(Ownership ownership) throws Exception {
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

    /** Frees what it holds outside of the task. */
    @Override
    public void close() {
        departures.close();
        transfer.withdraw(session);
        transfer.close();
        try {
            setAside.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void inMailbox(ThrowingRunnable<Exception> action) {
        try {
            task.mainMailboxExecutor.execute(action, "late records have come");
        } catch (RejectedExecutionException e) {
            // The task is closing, and its hand-over with it.
        }
    }

    private void watch() {
        if (assertion != null) {
            assertion.update(epoch, units.processable());
        }
    }
}
