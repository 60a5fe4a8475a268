package dev.tern.streaming.handover;

import dev.tern.rescale.control.RouteMarker;
import dev.tern.rescale.control.TaskCommand.OwnerAddress;
import dev.tern.rescale.control.TaskReply;
import dev.tern.rescale.plan.MigrationStep;
import dev.tern.streaming.state.DetachedUnit;

import org.apache.flink.runtime.checkpoint.channel.InputChannelInfo;
import org.apache.flink.streaming.runtime.io.checkpointing.CheckpointedInputGate;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/** One step of a migration at one owner. Task mailbox thread. */
final class HandoverStep {

    private static final Logger LOG = LoggerFactory.getLogger(HandoverStep.class);

    private final Owner owner;
    private final HandoverPolicy policy;
    private final MigrationStep step;
    private final UnitTable units;
    private final HandoverInputs inputs;
    private final Alignment alignment;
    private final BroadcastCopy copy;
    private final Arrivals arrivals;
    private final StepOutcome outcome = new StepOutcome();
    private final Queue<DetachedUnit> arrived = new ArrayDeque<>();
    private final Map<Integer, LateRecords> lateByTaker;
    private final FollowedUnits followed;
    private final long[] times;
    private Map<Integer, OwnerAddress> owners = Map.of();
    private int lateOpen;
    private boolean switching;

    /** Where time is when units leave that are not waited for; null until it is known. */
    private long[] leavingTimes;

    /** The step begins: from now on the marker may come. */
    HandoverStep(Owner owner, HandoverPolicy policy, MigrationStep step) throws IOException {
        this.owner = owner;
        this.policy = policy;
        this.step = step;
        this.units = owner.units();
        this.inputs = owner.inputs();
        Set<InputChannelInfo> ended = owner.begin(step);
        this.copy = owner.broadcastCopy(step.index());
        this.alignment = new Alignment(owner.channels(), ended);
        this.arrivals = owner.arrivals(this::install, this::fail);
        SwitchedChannels coming = new SwitchedChannels(step, owner.subtask(), owner.channels());
        this.followed =
                new FollowedUnits(
                        units,
                        owner.records(),
                        owner.setAside(),
                        inputs::process,
                        coming,
                        this::requestLate,
                        arrivals::suspended);
        this.times = inputs.times();
        this.lateByTaker = policy.reRoutes() ? owner.reRoute(step, this::lateEnded) : Map.of();
        this.lateOpen = lateByTaker.size();
        owner.records().begin(alignment, coming, LateRecords.byUnit(lateByTaker, step));
        if (policy.reRoutes()) {
            // What is told downstream from now on, others must not have to catch up with.
            inputs.hold();
            for (InputChannelInfo channel : ended) {
                noneLate(channel);
            }
        }
    }

    int index() {
        return step.index();
    }

    boolean isOver() {
        return outcome.isKnown();
    }

    /**
     * Asks for what comes here. Old owners are greeted first: a connection that cannot be made must
     * be found before a record has changed its way, and the time it takes must not be time in which
     * records wait.
     *
     * @param ready called back, once, when the task is ready for the marker, or is not
     */
    void request(Map<Integer, OwnerAddress> owners, Consumer<TaskReply> ready) {
        this.owners = owners;
        Set<Integer> givers = new TreeSet<>(Arrivals.givers(step, owner.subtask()));
        if (copy.takes()) {
            givers.add(BroadcastCopy.GIVER);
        }
        arrivals.greet(
                givers,
                owners,
                problem -> {
                    if (problem == null) {
                        arrivals.request(step, owner.subtask(), owners);
                        if (copy.takes()) {
                            arrivals.requestBroadcast(
                                    owners.get(BroadcastCopy.GIVER), this::installBroadcast);
                        }
                        ready.accept(new TaskReply.Begun(times));
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
    void onMarker(CheckpointedInputGate gate, InputChannelInfo channel, RouteMarker marker) {
        if (marker.epoch() != owner.epoch() || marker.step() != index()) {
            return;
        }
        switching = true;
        if (marker.overtakes()) {
            alignment.onTrigger();
            goOn();
            return;
        }
        boolean first = alignment.onMarker(channel);
        if (first) {
            LOG.debug(
                    "{}: first marker of epoch {} step {}.",
                    owner.name(),
                    owner.epoch(),
                    index());
        }
        onAligned(gate, channel);
        if (first && isUnsettled() && !policy.reRoutes()) {
            inputs.hold();
        }
        goOn();
    }

    /**
     * No record comes on a channel any more, and maybe no marker. Nothing leaves for that alone: as
     * long as some task may not be ready for the step, it can be taken back.
     */
    void onEnd(CheckpointedInputGate gate, InputChannelInfo channel) {
        alignment.onEnd(channel);
        onAligned(gate, channel);
        if (switching) {
            goOn();
        }
    }

    /**
     * Calls back, once, when every unit of the step has left or arrived. Whoever asks has told the
     * upstream tasks to switch, or is about to: where all channels have ended, no marker tells.
     *
     * @param latest how far time had come at any owner when the step began, input by input
     */
    void whenDone(long[] latest, Consumer<TaskReply> callback) throws Exception {
        outcome.whenKnown(callback);
        switching = true;
        if (policy.reRoutes() && isUnsettled()) {
            leavingTimes = latest;
            inputs.holdAt(latest, this::goOn);
        }
        goOn();
    }

    private void onAligned(CheckpointedInputGate gate, InputChannelInfo channel) {
        inputs.onAligned(gate, channel);
        try {
            noneLate(channel);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void noneLate(InputChannelInfo channel) throws IOException {
        for (LateRecords late : lateByTaker.values()) {
            late.switched(channel);
        }
    }

    private void requestLate(int giver) {
        LateBatch.Reader reader = followed.from(giver);
        arrivals.requestLate(
                owners.get(giver),
                owner.subtask(),
                batch -> {
                    LateBatch.read(batch, reader);
                    settle();
                });
    }

    private void lateEnded() throws Exception {
        lateOpen--;
        settle();
    }

    private void goOn() {
        try {
            advance();
        } catch (Exception e) {
            throw new IllegalStateException(
                    "Step " + index() + " cannot go on at subtask " + owner.subtask(), e);
        }
    }

    /** Does what the markers seen so far allow. */
    private void advance() throws Exception {
        if (inputs.hasBroadcast() && inputs.isBroadcastAligned()) {
            if (copy.isToGive()) {
                owner.giveBroadcast();
                copy.finish();
            }
            installWaiting();
        }
        if (policy.mayLeave(alignment, isAtTime())) {
            if (units.hasLeaving() && !policy.reRoutes()) {
                inputs.catchUp();
            }
            owner.leave(index());
            settle();
        }
    }

    /**
     * When all channels are aligned, they have shown all the time that any owner had come to, unless
     * one was idle meanwhile: for that nobody waits.
     */
    private boolean isAtTime() throws Exception {
        if (leavingTimes == null) {
            return false;
        }
        if (alignment.isComplete()) {
            inputs.catchUp(leavingTimes);
            return true;
        }
        return inputs.isAt(leavingTimes);
    }

    /** A unit arrives; it is installed when broadcast state here is as it was when the unit left. */
    private void install(DetachedUnit unit) throws Exception {
        arrived.add(unit);
        installWaiting();
    }

    private void installBroadcast(byte[] bytes) throws Exception {
        owner.takeBroadcast(bytes);
        copy.finish();
        installWaiting();
    }

    private void installWaiting() throws Exception {
        if (copy.isToCome() || !inputs.isBroadcastAligned()) {
            return;
        }
        while (!arrived.isEmpty()) {
            DetachedUnit unit = arrived.poll();
            owner.install(unit, policy.reRoutes());
            if (policy.reRoutes()) {
                followed.installed(unit.keyGroup());
            } else {
                arrivals.suspended(inputs.replay(unit.keyGroup()));
            }
        }
        settle();
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
                        TaskReply report = arrivals.report(owner.setAside(), reRouted());
                        LOG.debug("{}: step {} is over: {}.", owner.name(), index(), report);
                        outcome.end(report);
                    });
        }
    }

    private boolean isUnsettled() {
        return units.expectsAny() || units.hasLeaving() || lateOpen > 0 || !copy.isDone();
    }

    private long reRouted() {
        return lateByTaker.values().stream().mapToLong(LateRecords::records).sum();
    }

    private void fail(String problem) {
        outcome.end(new TaskReply.Failed(problem));
    }
}
