package dev.tern.examples.micro;

import dev.tern.examples.measure.KeySequence;

import java.io.Serializable;

/**
 * The size of each key's state, a pure function of seed and key.
 *
 * @param meanBytes the size of all keys or, if spread, the mean
 * @param spread whether sizes are uniform from the least possible to twice the mean
 */
public record StateSizes(long seed, int meanBytes, boolean spread) implements Serializable {

    /** The size of a key's state, not below {@link ChainedValue#LEAST_BYTES}. */
    public int bytes(long key) {
        if (!spread) {
            return meanBytes;
        }
        int least = ChainedValue.LEAST_BYTES;
        int range = 2 * (meanBytes - least) + 1;
        return least + Math.floorMod(KeySequence.mix(key ^ KeySequence.mix(seed)), range);
    }
}
