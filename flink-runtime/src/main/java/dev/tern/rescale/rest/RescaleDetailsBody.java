package dev.tern.rescale.rest;

import org.apache.flink.runtime.rest.messages.ResponseBody;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.annotation.JsonProperty;

import dev.tern.rescale.request.ParallelismChange;
import dev.tern.rescale.request.RescaleMode;
import dev.tern.rescale.request.RescaleOutcome;
import dev.tern.rescale.request.RescaleRecord;
import dev.tern.rescale.request.RescaleState;
import dev.tern.rescale.request.RescaleTrigger;
import dev.tern.rescale.request.RescaleVolume;
import dev.tern.rescale.request.StateSpan;

import javax.annotation.Nullable;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One rescale as {@code GET /jobs/:jobid/rescales/details/:rescaleuuid} shows it. The fields up to
 * {@code terminatedReason} have the names and meanings of Flink 2.3's rescale history; the others
 * are ours. All times are milliseconds, those in time stamps since the epoch.
 *
 * @param rescaleUuid id of the rescale
 * @param vertices the rescaled vertices, by their ids
 * @param schedulerStates the states the rescale went through
 * @param startTimestampInMillis when it was asked for
 * @param endTimestampInMillis when it ended; null while it runs
 * @param terminalState {@code COMPLETED}, {@code FAILED} or {@code IGNORED}; null while it runs
 * @param triggerCause what set it off
 * @param terminatedReason {@code SUCCEEDED} or {@code EXCEPTION_OCCURRED}; null while it runs or
 *     if it was ignored
 * @param rescaleId id of the rescale, as {@code POST /jobs/:jobid/rescales} gave it
 * @param vertex name of the vertex, of the first one if there are several
 * @param vertexId its id
 * @param from its parallelism before
 * @param to its wanted parallelism
 * @param strategy how key groups are migrated
 * @param options options of the strategy that the request gave
 * @param placement who gets them
 * @param mode {@code LIVE} or {@code RESTART}
 * @param outcome how it ended, in our words, which tell {@code ABORTED} from {@code FAILED}
 * @param state the state it is in, or ended in
 * @param reason why it was asked for, or why it became a restart
 * @param keyGroupsMoved key groups that changed their owner
 * @param bytesMoved bytes of state that were handed over
 * @param bytesMinimal bytes that the best balanced placement would have moved
 * @param durationMs from the request to the end, or to now
 * @param longestSuspensionMs the longest time for which records of one key group had to wait
 * @param setAsidePeakBytes the most bytes of records that one subtask kept waiting at once
 * @param setAsideSpilledBytes bytes of such records that were written to disk
 * @param reRoutedRecords records that came behind their unit to its old owner, and were sent on
 * @param error why it did not complete; null if it did or still runs
 */
public record RescaleDetailsBody(
        @JsonProperty("rescaleUuid") String rescaleUuid,
        @JsonProperty("vertices") Map<String, Vertex> vertices,
        @JsonProperty("schedulerStates") List<Span> schedulerStates,
        @JsonProperty("startTimestampInMillis") long startTimestampInMillis,
        @JsonProperty("endTimestampInMillis") @Nullable Long endTimestampInMillis,
        @JsonProperty("terminalState") @Nullable String terminalState,
        @JsonProperty("triggerCause") RescaleTrigger triggerCause,
        @JsonProperty("terminatedReason") @Nullable String terminatedReason,
        @JsonProperty("rescaleId") String rescaleId,
        @JsonProperty("vertex") String vertex,
        @JsonProperty("vertexId") String vertexId,
        @JsonProperty("from") int from,
        @JsonProperty("to") int to,
        @JsonProperty("strategy") String strategy,
        @JsonProperty("options") Map<String, String> options,
        @JsonProperty("placement") String placement,
        @JsonProperty("mode") RescaleMode mode,
        @JsonProperty("outcome") RescaleOutcome outcome,
        @JsonProperty("state") RescaleState state,
        @JsonProperty("reason") String reason,
        @JsonProperty("keyGroupsMoved") int keyGroupsMoved,
        @JsonProperty("bytesMoved") long bytesMoved,
        @JsonProperty("bytesMinimal") long bytesMinimal,
        @JsonProperty("durationMs") long durationMs,
        @JsonProperty("longestSuspensionMs") long longestSuspensionMs,
        @JsonProperty("setAsidePeakBytes") long setAsidePeakBytes,
        @JsonProperty("setAsideSpilledBytes") long setAsideSpilledBytes,
        @JsonProperty("reRoutedRecords") long reRoutedRecords,
        @JsonProperty("error") @Nullable String error)
        implements ResponseBody {

    static RescaleDetailsBody of(RescaleRecord rescale, long nowMillis) {
        RescaleVolume volume = rescale.volume();
        long end = rescale.endMillis();
        return new RescaleDetailsBody(
                rescale.rescaleId(),
                verticesOf(rescale),
                rescale.states().stream().map(span -> Span.of(span, rescale, nowMillis)).toList(),
                rescale.requestMillis(),
                end == StateSpan.OPEN ? null : end,
                terminalState(rescale.outcome()),
                rescale.trigger(),
                terminatedReason(rescale.outcome()),
                rescale.rescaleId(),
                rescale.vertexName(),
                rescale.vertexId(),
                rescale.from(),
                rescale.to(),
                rescale.strategy(),
                rescale.options(),
                rescale.placement(),
                rescale.mode(),
                rescale.outcome(),
                rescale.state(),
                rescale.reason(),
                volume.keyGroupsMoved(),
                volume.bytesMoved(),
                volume.bytesMinimal(),
                rescale.durationMs(nowMillis),
                volume.longestSuspensionMs(),
                volume.setAsidePeakBytes(),
                volume.setAsideSpilledBytes(),
                volume.reRoutedRecords(),
                rescale.error());
    }

    /** In the order of the record. */
    private static Map<String, Vertex> verticesOf(RescaleRecord rescale) {
        Map<String, Vertex> vertices = new LinkedHashMap<>();
        rescale.changes()
                .forEach(change -> vertices.put(change.vertexId(), Vertex.of(change, rescale)));
        return vertices;
    }

    @Nullable
    private static String terminalState(RescaleOutcome outcome) {
        return switch (outcome) {
            case IN_PROGRESS -> null;
            case COMPLETED -> "COMPLETED";
            case FAILED, ABORTED -> "FAILED";
            case IGNORED -> "IGNORED";
        };
    }

    @Nullable
    private static String terminatedReason(RescaleOutcome outcome) {
        return switch (outcome) {
            case IN_PROGRESS, IGNORED -> null;
            case COMPLETED -> "SUCCEEDED";
            case FAILED, ABORTED -> "EXCEPTION_OCCURRED";
        };
    }

    /**
     * The parallelism of a vertex.
     *
     * @param postRescaleParallelism parallelism after the rescale; null until it has ended
     */
    public record Vertex(
            @JsonProperty("jobVertexId") String jobVertexId,
            @JsonProperty("jobVertexName") String jobVertexName,
            @JsonProperty("desiredParallelism") int desiredParallelism,
            @JsonProperty("preRescaleParallelism") int preRescaleParallelism,
            @JsonProperty("postRescaleParallelism") @Nullable Integer postRescaleParallelism) {

        private static Vertex of(ParallelismChange change, RescaleRecord rescale) {
            Integer after =
                    switch (rescale.outcome()) {
                        case COMPLETED -> change.to();
                        case ABORTED ->
                                rescale.stoppedMidway()
                                        ? Math.max(change.from(), change.to())
                                        : change.from();
                        // The job restarts with what the resources then allow.
                        case IN_PROGRESS, FAILED, IGNORED -> null;
                    };
            return new Vertex(
                    change.vertexId(), change.vertexName(), change.to(), change.from(), after);
        }
    }

    /**
     * The time spent in one state.
     *
     * @param leaveTimestampInMillis null while the rescale is in it
     * @param stringifiedException why the rescale did not complete, at its last state
     */
    public record Span(
            @JsonProperty("state") RescaleState state,
            @JsonProperty("enterTimestampInMillis") long enterTimestampInMillis,
            @JsonProperty("leaveTimestampInMillis") @Nullable Long leaveTimestampInMillis,
            @JsonProperty("durationInMillis") long durationInMillis,
            @JsonProperty("stringifiedException") @Nullable String stringifiedException) {

        private static Span of(StateSpan span, RescaleRecord rescale, long nowMillis) {
            return new Span(
                    span.state(),
                    span.startMillis(),
                    span.isOpen() ? null : span.endMillis(),
                    span.durationMs(nowMillis),
                    span.state().isTerminal() ? rescale.error() : null);
        }
    }
}
