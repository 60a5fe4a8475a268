package dev.tern.rescale.request;

import javax.annotation.Nullable;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * One rescale in the history of a job, of one vertex or of several at once. Immutable: every change
 * yields a new record.
 *
 * @param rescaleId identifies the rescale within its job: 32 hexadecimal digits
 * @param changes what changes, at least one vertex; the first one is the one that was asked for, or
 *     the first one in topological order
 * @param strategy how key groups are migrated, for example {@code aligned}
 * @param options options of the strategy that the request gave
 * @param placement who gets them, for example {@code minimal}
 * @param mode whether the job keeps running
 * @param trigger what set the rescale off
 * @param reason why it was asked for, or why it became a restart; a sentence or empty
 * @param outcome how it ended
 * @param states the states it went through, in order; the last one is open while it runs
 * @param volume what it moved
 * @param requestMillis when it was asked for, in milliseconds since the epoch
 * @param error why it did not complete; null if it did or still runs
 */
public record RescaleRecord(
        String rescaleId,
        List<ParallelismChange> changes,
        String strategy,
        Map<String, String> options,
        String placement,
        RescaleMode mode,
        RescaleTrigger trigger,
        String reason,
        RescaleOutcome outcome,
        List<StateSpan> states,
        RescaleVolume volume,
        long requestMillis,
        @Nullable String error)
        implements Serializable {

    public RescaleRecord {
        Objects.requireNonNull(rescaleId, "rescaleId");
        Objects.requireNonNull(strategy, "strategy");
        options = Collections.unmodifiableMap(new TreeMap<>(options));
        Objects.requireNonNull(placement, "placement");
        Objects.requireNonNull(mode, "mode");
        Objects.requireNonNull(trigger, "trigger");
        Objects.requireNonNull(reason, "reason");
        Objects.requireNonNull(outcome, "outcome");
        Objects.requireNonNull(volume, "volume");
        changes = List.copyOf(changes);
        if (changes.isEmpty()) {
            throw new IllegalArgumentException("A rescale changes at least one vertex.");
        }
        states = List.copyOf(states);
    }

    /** A rescale that was just asked for and has entered no state yet. */
    public static RescaleRecord requested(
            String rescaleId,
            Resolution.Resolved target,
            RescaleTrigger trigger,
            String reason,
            long nowMillis) {
        return new RescaleRecord(
                rescaleId,
                target.changes(),
                target.strategy(),
                target.options(),
                target.placement(),
                target.mode(),
                trigger,
                reason,
                RescaleOutcome.IN_PROGRESS,
                List.of(),
                RescaleVolume.NONE,
                nowMillis,
                null);
    }

    /** Whether it changes the vertex with this id. */
    public boolean concerns(String someVertexId) {
        return changes.stream().anyMatch(change -> change.vertexId().equals(someVertexId));
    }

    /** Names of the vertices but the first one. */
    public List<String> together() {
        return changes.stream().skip(1).map(ParallelismChange::vertexName).toList();
    }

    /** Id of the first vertex. */
    public String vertexId() {
        return changes.get(0).vertexId();
    }

    /** Name of the first vertex. */
    public String vertexName() {
        return changes.get(0).vertexName();
    }

    /** Parallelism of the first vertex before. */
    public int from() {
        return changes.get(0).from();
    }

    /** Wanted parallelism of the first vertex. */
    public int to() {
        return changes.get(0).to();
    }

    /** The state the rescale is in, or ended in; {@link RescaleState#IDLE} before the first. */
    public RescaleState state() {
        return states.isEmpty() ? RescaleState.IDLE : states.get(states.size() - 1).state();
    }

    /** Whether it was given up after some of the key groups had moved, which stay there. */
    public boolean stoppedMidway() {
        return outcome == RescaleOutcome.ABORTED
                && states.stream().anyMatch(span -> span.state() == RescaleState.COMMIT);
    }

    /** When the rescale ended, in milliseconds since the epoch; {@link StateSpan#OPEN} if not. */
    public long endMillis() {
        return outcome.isTerminal() && !states.isEmpty()
                ? states.get(states.size() - 1).endMillis()
                : StateSpan.OPEN;
    }

    /** Time since the request, up to the end or {@code nowMillis}, in milliseconds. */
    public long durationMs(long nowMillis) {
        long end = endMillis();
        return Math.max(0L, (end == StateSpan.OPEN ? nowMillis : end) - requestMillis);
    }

    /** Leaves the state the rescale is in and enters the next one. */
    public RescaleRecord entered(RescaleState next, long nowMillis) {
        if (outcome.isTerminal()) {
            throw new IllegalStateException(
                    String.format(
                            "Rescale %s is over (%s) and cannot enter %s.",
                            rescaleId, outcome, next));
        }
        List<StateSpan> spans = new ArrayList<>(states.size() + 1);
        states.forEach(span -> spans.add(span.endedAt(nowMillis)));
        spans.add(new StateSpan(next, nowMillis, next.isTerminal() ? nowMillis : StateSpan.OPEN));
        return with(mode, reason, outcome, spans, volume, error);
    }

    /** The rescale has moved this much so far. */
    public RescaleRecord moved(RescaleVolume total) {
        return with(mode, reason, outcome, states, total, error);
    }

    /** The rescale goes on by restarting the job, for this reason. */
    public RescaleRecord restarting(String why) {
        return with(RescaleMode.RESTART, why, outcome, states, volume, error);
    }

    /** The job runs at the wanted parallelism, by whatever mode the record says. */
    public RescaleRecord completed(long nowMillis) {
        RescaleState terminal =
                mode == RescaleMode.LIVE ? RescaleState.COMPLETED : RescaleState.RESTARTED;
        return ended(RescaleOutcome.COMPLETED, terminal, nowMillis, null);
    }

    /** A live rescale broke when it could no longer be undone; the job restarts. */
    public RescaleRecord failed(long nowMillis, String why) {
        return ended(RescaleOutcome.FAILED, RescaleState.RESTARTED, nowMillis, why);
    }

    /** The rescale was given up, before anything moved or between two steps. */
    public RescaleRecord aborted(long nowMillis, String why) {
        return ended(RescaleOutcome.ABORTED, RescaleState.ABORTED, nowMillis, why);
    }

    /** The rescale was overtaken by a newer one, or by the end or a failure of the job. */
    public RescaleRecord ignored(long nowMillis, String why) {
        return ended(RescaleOutcome.IGNORED, RescaleState.ABORTED, nowMillis, why);
    }

    private RescaleRecord ended(
            RescaleOutcome how, RescaleState terminal, long nowMillis, @Nullable String why) {
        RescaleRecord last = entered(terminal, nowMillis);
        return last.with(mode, reason, how, last.states, volume, why);
    }

    private RescaleRecord with(
            RescaleMode newMode,
            String newReason,
            RescaleOutcome newOutcome,
            List<StateSpan> newStates,
            RescaleVolume newVolume,
            @Nullable String newError) {
        return new RescaleRecord(
                rescaleId,
                changes,
                strategy,
                options,
                placement,
                newMode,
                trigger,
                newReason,
                newOutcome,
                newStates,
                newVolume,
                requestMillis,
                newError);
    }
}
