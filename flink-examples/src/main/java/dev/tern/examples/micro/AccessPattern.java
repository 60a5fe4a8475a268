package dev.tern.examples.micro;

import dev.tern.examples.measure.KeySequence;

import java.io.Serializable;

/**
 * Which key each record accesses, a pure function of seed and record id.
 *
 * <p>With a ratio below 100, the records of a second touch only that share of the keys, and every
 * second another share: the ranks that the key sequence draws are mapped to the keys by an affine
 * bijection that changes with the second, so that ranks beyond the share never come up.
 *
 * @param keys draws ranks
 * @param ratioPercent share of the keys that is touched in a second, 1 to 100
 * @param recordsPerSecond how many records make a second
 */
public record AccessPattern(KeySequence keys, int ratioPercent, long recordsPerSecond)
        implements Serializable {

    public AccessPattern {
        if (ratioPercent < 1 || ratioPercent > 100 || recordsPerSecond < 1) {
            throw new IllegalArgumentException(
                    "An access ratio must be 1 to 100 percent, got "
                            + ratioPercent
                            + ", of at least one record per second, got "
                            + recordsPerSecond
                            + ".");
        }
    }

    /** The key of a record. */
    public long key(long record) {
        long rank = keys.key(record);
        if (ratioPercent == 100 || record < keys.fillRecords()) {
            return rank;
        }
        long all = keys.keys();
        long touched = Math.max(1, all * ratioPercent / 100);
        long second = (record - keys.fillRecords()) / recordsPerSecond;
        long random = KeySequence.mix(second ^ KeySequence.mix(~keys.seed()));
        long shift = Math.floorMod(random, all);
        // Consecutive ranks become keys this far apart; coprime, so that no two meet.
        long stride = 1 + Math.floorMod(KeySequence.mix(random), all);
        while (gcd(stride, all) != 1) {
            stride++;
        }
        return (long)
                Math.floorMod(
                        Math.floorMod(rank % touched * (stride % all), all) + shift, all);
    }

    private static long gcd(long a, long b) {
        return b == 0 ? a : gcd(b, a % b);
    }
}
