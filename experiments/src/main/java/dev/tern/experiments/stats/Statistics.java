package dev.tern.experiments.stats;

import java.util.Arrays;
import java.util.Random;

/** Medians, quantiles and the percentile bootstrap (Efron and Tibshirani, chapter 13). */
public final class Statistics {

    /** Resamples per interval: enough for two stable digits of a 95 % interval. */
    static final int RESAMPLES = 10_000;

    /** Probability mass inside an interval. */
    static final double CONFIDENCE = 0.95;

    private Statistics() {}

    /** The median; of an even number of values the mean of the two in the middle. */
    public static double median(double[] values) {
        return quantile(values, 0.5);
    }

    /**
     * The quantile with linear interpolation between neighbours.
     *
     * @param values at least one value, in any order; left as they are
     * @param fraction from 0 (smallest) to 1 (largest)
     */
    public static double quantile(double[] values, double fraction) {
        if (values.length == 0) {
            throw new IllegalArgumentException("A quantile needs at least one value.");
        }
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        double position = fraction * (sorted.length - 1);
        int below = (int) Math.floor(position);
        int above = (int) Math.ceil(position);
        if (below == above) {
            return sorted[below];
        }
        return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
    }

    /**
     * The median of {@code numerators[i] / denominators[i]} and its bootstrap interval.
     *
     * @param seed of the resampling, so that a report can be reproduced
     */
    public static PairedRatio pairedRatio(double[] numerators, double[] denominators, long seed) {
        if (numerators.length != denominators.length || numerators.length == 0) {
            throw new IllegalArgumentException(
                    "Ratios need as many numerators as denominators, got "
                            + numerators.length
                            + " and "
                            + denominators.length
                            + ".");
        }
        double[] ratios = new double[numerators.length];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = numerators[i] / denominators[i];
        }
        return bootstrapMedian(ratios, seed);
    }

    private static PairedRatio bootstrapMedian(double[] ratios, long seed) {
        Random random = new Random(seed);
        double[] medians = new double[RESAMPLES];
        double[] sample = new double[ratios.length];
        for (int round = 0; round < RESAMPLES; round++) {
            for (int i = 0; i < sample.length; i++) {
                sample[i] = ratios[random.nextInt(ratios.length)];
            }
            medians[round] = median(sample);
        }
        double tail = (1 - CONFIDENCE) / 2;
        return new PairedRatio(
                median(ratios),
                quantile(medians, tail),
                quantile(medians, 1 - tail),
                ratios.length);
    }
}
