package dev.tern.examples.measure;

import java.io.Serializable;
import java.util.SplittableRandom;

/**
 * The key of each generated record, a pure function of seed and record id.
 *
 * <p>The first {@code fillRecords} records go through the keys in turn; the rest draw them, either
 * uniformly or by Zipf's law, where key 0 is the most frequent. Zipf draws use rejection-inversion
 * (Hörmann and Derflinger, "Rejection-inversion to generate variates from monotone discrete
 * distributions", 1996).
 *
 * @param seed changes which keys are drawn
 * @param keys number of distinct keys
 * @param fillRecords number of records of the fill phase
 * @param skew exponent of Zipf's law; 0 for uniform
 */
public record KeySequence(long seed, long keys, long fillRecords, double skew)
        implements Serializable {

    public KeySequence {
        if (keys < 1 || fillRecords < 0 || !(skew >= 0)) {
            throw new IllegalArgumentException(
                    "Keys need a number above 0 and a skew of 0 or more, got "
                            + keys
                            + " keys, "
                            + fillRecords
                            + " fill records and skew "
                            + skew
                            + ".");
        }
    }

    /** The key of a record, from 0 to keys - 1. */
    public long key(long record) {
        if (record < fillRecords) {
            return record % keys;
        }
        long random = mix(record ^ mix(seed));
        return skew == 0 ? Math.floorMod(random, keys) : zipf(new SplittableRandom(random)) - 1;
    }

    private long zipf(SplittableRandom random) {
        double low = integral(1.5) - 1;
        double high = integral(keys + 0.5);
        while (true) {
            double u = high + random.nextDouble() * (low - high);
            double x = integralInverse(u);
            long k = Math.max(1, Math.min(keys, Math.round(x)));
            if (u >= integral(k + 0.5) - Math.pow(k, -skew)) {
                return k;
            }
        }
    }

    /** Integral of x^-skew, up to a constant that cancels out. */
    private double integral(double x) {
        double log = Math.log(x);
        return skew == 1 ? log : Math.expm1((1 - skew) * log) / (1 - skew);
    }

    private double integralInverse(double y) {
        return skew == 1 ? Math.exp(y) : Math.exp(Math.log1p(y * (1 - skew)) / (1 - skew));
    }

    /** Spreads the bits of a number over 64 (the finalizer of SplitMix64). */
    public static long mix(long value) {
        long mixed = value + 0x9e3779b97f4a7c15L;
        mixed = (mixed ^ (mixed >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return mixed ^ (mixed >>> 31);
    }
}
