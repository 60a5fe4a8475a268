package dev.tern.experiments.report;

import dev.tern.experiments.matrix.RunSpec;
import dev.tern.experiments.measure.Floors;
import dev.tern.experiments.rest.LiveProof;

import java.util.List;

/**
 * All figures of one run; docs/BENCHMARKS.md explains each.
 *
 * @param spec what ran
 * @param strategy the strategy that was used; "restart" for stock
 * @param base latency in the base window, in milliseconds
 * @param horizon what a user saw after the trigger
 * @param rescale what the rescale itself did
 * @param proof what stock REST proves
 * @param oracle comparison with what must come out
 * @param machine what the machine did meanwhile
 * @param series latency over time
 */
public record RunResult(
        RunSpec spec,
        String strategy,
        Quantiles base,
        Horizon horizon,
        Rescale rescale,
        LiveProof proof,
        Oracle oracle,
        Machine machine,
        List<LatencyBucket> series) {

    public RunResult {
        series = List.copyOf(series);
    }

    /** Quantiles of a latency, in milliseconds. */
    public record Quantiles(double p50, double p99, double p999, double max) {}

    /**
     * What a user saw in the horizon.
     *
     * @param latency over the horizon; its max is the peak
     * @param gapMillis longest time without any output
     * @param lostServiceRecordSeconds latency above the base p99.9, summed over the records, minus
     *     the same over the base window
     * @param minThroughput lowest 1-s throughput by offered load
     * @param recoveredMillis from the trigger until latency and backlog are as before for 10 s; NaN
     *     if never within the horizon
     * @param firstReliefMillis from the trigger to the first record served by a new subtask; NaN if
     *     there is none
     */
    public record Horizon(
            Quantiles latency,
            double gapMillis,
            double lostServiceRecordSeconds,
            double minThroughput,
            double recoveredMillis,
            double firstReliefMillis) {}

    /**
     * What the rescale did. Stock answers only the duration; the rest is negative there.
     *
     * @param claimedMode LIVE or RESTART, as the system says
     * @param durationMillis from the request to the end in the history; for stock from the trigger
     *     until all tasks run
     * @param keyGroupsMoved key groups that changed their owner
     * @param bytesMoved serialized bytes that were moved
     * @param bytesMinimal serialized size of the key groups that a balanced plan must move
     * @param suspendedPeakBytes most bytes of records set aside at once
     * @param longestSuspensionMillis longest time that a record waited for its state
     * @param checkpointMillis mean end-to-end duration of the completed checkpoints
     * @param numRestarts the stock gauge at the end
     */
    public record Rescale(
            String claimedMode,
            double durationMillis,
            int keyGroupsMoved,
            long bytesMoved,
            long bytesMinimal,
            long suspendedPeakBytes,
            double longestSuspensionMillis,
            double checkpointMillis,
            long numRestarts) {}

    /**
     * Records that did not come out, came out again, or out of order within their key.
     *
     * @param records records that came out
     * @param wrongCounts places where the counts of a key are not 1, 2, 3, ...
     */
    public record Oracle(
            long records, long lost, long duplicated, long outOfOrder, long wrongCounts) {

        /** Whether every record came out and had its effect once and in order. */
        public boolean isExact() {
            return lost == 0 && duplicated == 0 && outOfOrder == 0 && wrongCounts == 0;
        }
    }

    /**
     * The machine meanwhile.
     *
     * @param jitterMaxMillis largest gap of a 1-ms timer thread within the horizon
     * @param cpuShare share of all cores that was busy in the base window, from 0 to 1
     * @param before floors probed before the run
     * @param after floors probed after it
     */
    public record Machine(
            double jitterMaxMillis, double cpuShare, Floors before, Floors after) {}
}
