package dev.tern.experiments.run;

import dev.tern.examples.measure.Delivery;
import dev.tern.examples.measure.IntervalFigures;
import dev.tern.examples.measure.RunAnalysis;
import dev.tern.examples.measure.RunFigures;
import dev.tern.examples.measure.Span;
import dev.tern.experiments.matrix.RunSpec;
import dev.tern.experiments.report.LatencyBucket;
import dev.tern.experiments.report.RunResult;
import dev.tern.experiments.rest.LiveProof;
import dev.tern.experiments.rest.RescaleView;

import java.util.List;

/** Puts what the arrival log, REST and the probes say into one result. */
public final class ResultAssembly {

    private static final long INTERVAL_MICROS = 100_000;
    private static final int UNKNOWN = -1;

    private ResultAssembly() {}

    static RunResult of(
            RunSpec spec,
            RunFigures figures,
            RunResult.Rescale rescale,
            String strategy,
            LiveProof proof,
            RunResult.Machine machine,
            List<LatencyBucket> series) {
        return new RunResult(
                spec,
                strategy,
                new RunResult.Quantiles(
                        figures.baseP50(),
                        figures.baseP99(),
                        figures.baseP999(),
                        figures.baseMax()),
                horizon(figures),
                rescale,
                proof,
                oracle(figures.delivery()),
                machine,
                series);
    }

    /** What became of the records. */
    public static RunResult.Oracle oracle(Delivery delivery) {
        return new RunResult.Oracle(
                delivery.records(),
                delivery.lost(),
                delivery.duplicated(),
                delivery.outOfOrder(),
                delivery.wrongCounts());
    }

    /** What the rescale did, as far as the engine tells. */
    static RunResult.Rescale rescale(
            RescaleTrigger.Outcome outcome, double checkpointMillis, long numRestarts) {
        RescaleView view = outcome.view();
        return new RunResult.Rescale(
                outcome.claimedMode(),
                outcome.durationMillis(),
                view == null ? UNKNOWN : view.keyGroupsMoved(),
                view == null ? UNKNOWN : view.bytesMoved(),
                view == null ? UNKNOWN : view.bytesMinimal(),
                UNKNOWN,
                view == null ? Double.NaN : view.longestSuspensionMillis(),
                checkpointMillis,
                numRestarts);
    }

    /** Latency in 100-ms intervals from the base window to the end of the horizon. */
    static List<LatencyBucket> series(RunAnalysis analysis, Span base, Span horizon) {
        Span all = new Span(base.fromMicros(), horizon.toMicros());
        return series(analysis, all, horizon.fromMicros());
    }

    /** Latency in 100-ms intervals of {@code span}; offsets count from {@code zeroMicros}. */
    public static List<LatencyBucket> series(RunAnalysis analysis, Span span, long zeroMicros) {
        return analysis.intervals(span, INTERVAL_MICROS).stream()
                .filter(interval -> interval.latency().records() > 0)
                .map(interval -> bucket(interval, zeroMicros))
                .toList();
    }

    private static LatencyBucket bucket(IntervalFigures interval, long zeroMicros) {
        return new LatencyBucket(
                Math.floorDiv(interval.startMicros() - zeroMicros, 1000L),
                interval.latency().p50(),
                interval.latency().p99(),
                interval.latency().max(),
                interval.latency().records());
    }

    private static RunResult.Horizon horizon(RunFigures figures) {
        return new RunResult.Horizon(
                new RunResult.Quantiles(
                        figures.p50(), figures.p99(), figures.p999(), figures.peak()),
                figures.gap(),
                figures.lostService(),
                figures.minThroughput(),
                orNaN(figures.recovered()),
                orNaN(figures.firstRelief()));
    }

    /** The analysis writes "never" as a negative number. */
    private static double orNaN(double millis) {
        return millis < 0 ? Double.NaN : millis;
    }
}
