package dev.tern.rescale.coordinate;

import dev.tern.rescale.request.ParallelismChange;
import dev.tern.rescale.request.RescaleHistory;
import dev.tern.rescale.request.RescaleOutcome;
import dev.tern.rescale.request.RescaleRecord;
import dev.tern.rescale.request.RescaleState;
import dev.tern.rescale.request.RescaleVolume;

import org.apache.flink.api.common.JobID;
import org.apache.flink.metrics.MetricGroup;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;

/**
 * The memory of all rescales of a job: history, log lines and metrics.
 *
 * <p>Written in the JobMaster main thread; the metrics are read by reporter threads.
 */
public final class RescaleLedger {

    private static final Logger LOG = LoggerFactory.getLogger("dev.tern.rescale");

    private final RescaleHistory history;
    private final LongSupplier clockMillis;
    private final JobID job;
    private final StateProbe probe;

    private volatile RescaleState state = RescaleState.IDLE;
    private volatile int completed;
    private volatile int aborted;
    private volatile int failed;
    private volatile int restarted;
    private volatile long keyGroupsMoved;
    private volatile long bytesMoved;
    private volatile long lastDurationMs;
    private volatile long lastSuspensionMs;
    private volatile long lastSetAsidePeakBytes;
    private volatile long setAsideSpilledBytes;

    public RescaleLedger(
            int historySize,
            LongSupplier clockMillis,
            MetricGroup jobMetrics,
            JobID job,
            StateProbe probe) {
        this.history = new RescaleHistory(historySize);
        this.clockMillis = clockMillis;
        this.job = job;
        this.probe = probe;
        MetricGroup metrics = jobMetrics.addGroup("rescale");
        metrics.gauge("state", () -> state.name());
        metrics.gauge("numCompleted", () -> completed);
        metrics.gauge("numAborted", () -> aborted);
        metrics.gauge("numFailed", () -> failed);
        metrics.gauge("numRestarts", () -> restarted);
        metrics.gauge("keyGroupsMoved", () -> keyGroupsMoved);
        metrics.gauge("bytesMoved", () -> bytesMoved);
        metrics.gauge("lastDurationMs", () -> lastDurationMs);
        metrics.gauge("lastLongestSuspensionMs", () -> lastSuspensionMs);
        metrics.gauge("lastSetAsidePeakBytes", () -> lastSetAsidePeakBytes);
        metrics.gauge("setAsideSpilledBytes", () -> setAsideSpilledBytes);
    }

    public long nowMillis() {
        return clockMillis.getAsLong();
    }

    /** Rescales, newest first. */
    public List<RescaleRecord> newestFirst() {
        return history.newestFirst();
    }

    public Optional<RescaleRecord> find(String rescaleId) {
        return history.find(rescaleId);
    }

    /** Whether the rescale is known and has not ended. */
    public boolean isInProgress(String rescaleId) {
        return find(rescaleId).filter(record -> !record.outcome().isTerminal()).isPresent();
    }

    /** A rescale that is to be done. */
    public void requested(RescaleRecord rescale) {
        history.put(rescale);
        LOG.info(
                "Rescale {} requested: {} subtasks, strategy {}, placement {}.",
                rescale.rescaleId(),
                ParallelismChange.text(rescale.changes()),
                rescale.strategy(),
                rescale.placement());
    }

    /** The rescale enters a state. */
    public void entered(String rescaleId, RescaleState next, String detail) {
        update(rescaleId, record -> record.entered(next, nowMillis()));
        state = next;
        LOG.info("Rescale {} is in {}{}.", rescaleId, next, detail.isEmpty() ? "" : ": " + detail);
        probe.entered(job, rescaleId, next);
    }

    /** The rescale has moved this much. */
    public void moved(String rescaleId, RescaleVolume volume) {
        update(rescaleId, record -> record.moved(volume));
    }

    /** The rescale goes on as a restart. */
    public void restarting(String rescaleId, String why) {
        update(rescaleId, record -> record.restarting(why));
        LOG.info("Rescale {} restarts the job: {}", rescaleId, why);
    }

    /** The job runs at the wanted parallelism. */
    public void completed(String rescaleId) {
        end(rescaleId, record -> record.completed(nowMillis()));
    }

    /** Given up without a restart. */
    public void aborted(String rescaleId, String why) {
        end(rescaleId, record -> record.aborted(nowMillis(), why));
    }

    /** Broke when it could no longer be undone. */
    public void failed(String rescaleId, String why) {
        end(rescaleId, record -> record.failed(nowMillis(), why));
    }

    /** Overtaken by something else. */
    public void ignored(String rescaleId, String why) {
        end(rescaleId, record -> record.ignored(nowMillis(), why));
    }

    private void end(String rescaleId, UnaryOperator<RescaleRecord> ending) {
        update(rescaleId, ending);
        state = RescaleState.IDLE;
        RescaleRecord record = history.find(rescaleId).orElseThrow();
        count(record);
        LOG.info(
                "Rescale {} of {} is {} ({}) after {} ms: {} key groups, {} bytes, longest"
                        + " suspension {} ms.{}",
                rescaleId,
                ParallelismChange.text(record.changes()),
                record.outcome(),
                record.mode(),
                record.durationMs(nowMillis()),
                record.volume().keyGroupsMoved(),
                record.volume().bytesMoved(),
                record.volume().longestSuspensionMs(),
                record.error() == null ? "" : " " + record.error());
    }

    private void count(RescaleRecord record) {
        switch (record.outcome()) {
            case COMPLETED -> {
                completed++;
                keyGroupsMoved += record.volume().keyGroupsMoved();
                bytesMoved += record.volume().bytesMoved();
                lastDurationMs = record.durationMs(nowMillis());
                lastSuspensionMs = record.volume().longestSuspensionMs();
                lastSetAsidePeakBytes = record.volume().setAsidePeakBytes();
                setAsideSpilledBytes += record.volume().setAsideSpilledBytes();
            }
            case FAILED -> failed++;
            case ABORTED, IGNORED -> aborted++;
            case IN_PROGRESS -> throw new IllegalStateException("has not ended: " + record);
        }
        boolean restarts = record.state() == RescaleState.RESTARTED;
        if (restarts && record.outcome() != RescaleOutcome.ABORTED) {
            restarted++;
        }
    }

    private void update(String rescaleId, UnaryOperator<RescaleRecord> change) {
        RescaleRecord record =
                history.find(rescaleId)
                        .orElseThrow(() -> new IllegalArgumentException("No rescale " + rescaleId));
        history.put(change.apply(record));
    }
}
