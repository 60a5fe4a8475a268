package dev.tern.experiments.report;

import dev.tern.experiments.matrix.ThroughputArm;

/**
 * The throughput of one saturated run in its two windows, in records per second.
 *
 * @param arm what ran
 * @param pair the pair it belongs to, from 0
 * @param early before any rescale
 * @param late after the rescales of tern, or after the same time without any
 * @param rescales how many rescales lie between the windows
 * @param numRestarts the stock gauge at the end
 */
public record ThroughputResult(
        ThroughputArm arm, int pair, double early, double late, int rescales, long numRestarts) {}
