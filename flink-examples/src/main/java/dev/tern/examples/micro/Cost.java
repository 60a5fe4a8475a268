package dev.tern.examples.micro;

import dev.tern.examples.measure.KeySequence;

import java.io.Serializable;
import java.util.SplittableRandom;

/**
 * How long a record keeps the processor busy.
 *
 * @param meanMicros mean
 * @param deviationMicros standard deviation of a normal distribution, cut off at 0
 */
public record Cost(double meanMicros, double deviationMicros) implements Serializable {

    /** The cost of a record in nanoseconds; the same for each run. */
    public long nanos(long recordId) {
        if (deviationMicros == 0) {
            return Math.round(meanMicros * 1000);
        }
        double normal = new SplittableRandom(KeySequence.mix(recordId)).nextGaussian();
        return Math.max(0, Math.round((meanMicros + normal * deviationMicros) * 1000));
    }

    /** Spends the cost of a record. */
    void spend(long recordId) {
        long nanos = nanos(recordId);
        if (nanos > 0) {
            long end = System.nanoTime() + nanos;
            while (System.nanoTime() < end) {
                Thread.onSpinWait();
            }
        }
    }
}
