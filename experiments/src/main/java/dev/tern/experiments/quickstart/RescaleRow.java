package dev.tern.experiments.quickstart;

import dev.tern.examples.measure.LatencyFigures;
import dev.tern.examples.measure.RunAnalysis;
import dev.tern.examples.measure.Span;
import dev.tern.experiments.rest.LiveProof;
import dev.tern.experiments.rest.RescaleView;

/**
 * One rescale of the quickstart.
 *
 * @param view what our history says
 * @param proof what stock REST proves
 * @param before latency in the 10 s before the trigger
 * @param during latency from the trigger to a second after the end
 * @param after latency in the 10 s after that
 * @param gapMillis longest time without output from the trigger to a second after the end
 */
record RescaleRow(
        RescaleView view,
        LiveProof proof,
        LatencyFigures before,
        LatencyFigures during,
        LatencyFigures after,
        double gapMillis) {

    private static final long SIDE_MICROS = 10_000_000;
    private static final long SETTLE_MICROS = 1_000_000;

    static RescaleRow of(RescaleView view, LiveProof proof, RunAnalysis analysis) {
        long start = view.startMillis() * 1000;
        long end = view.endMillis() * 1000 + SETTLE_MICROS;
        Span during = new Span(start, end);
        return new RescaleRow(
                view,
                proof,
                analysis.latency(new Span(start - SIDE_MICROS, start)),
                analysis.latency(during),
                analysis.latency(new Span(end, end + SIDE_MICROS)),
                analysis.gapMillis(during));
    }
}
