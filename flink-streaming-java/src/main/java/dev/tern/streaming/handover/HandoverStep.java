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
    private boolean switching;

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
    void onMarker(CheckpointedInputGate gate, InputChannelInfo channel, RouteMarker marker) {
        if (marker.epoch() != owner.epoch() || marker.step() != index()) {
            return;
        }
        switching = true;
        boolean first = alignment.onMarker(channel);
        if (first) {
            LOG.debug(
                    "{}: first marker of epoch {} step {}.",
                    owner.name(),
                    owner.epoch(),
                    index());
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
    void onEnd(CheckpointedInputGate gate, InputChannelInfo channel) {
        alignment.onEnd(channel);
        inputs.onAligned(gate, channel);
        if (switching) {
            goOn();
        }
    }

    /**
     * Calls back, once, when every unit of the step has left or arrived. Whoever asks has told the
     * upstream tasks to switch, or is about to: where all channels have ended, no marker tells.
     */
    void whenDone(Consumer<TaskReply> callback) {
        outcome.whenKnown(callback);
        switching = true;
        goOn();
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
        if (policy.mayLeave(alignment)) {
            owner.leave(index());
            settle();
        }
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
            arrivals.suspended(owner.install(arrived.poll()));
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
                        TaskReply report = arrivals.report(owner.setAside());
                        LOG.debug("{}: step {} is over: {}.", owner.name(), index(), report);
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
}
