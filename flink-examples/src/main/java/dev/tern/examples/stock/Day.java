package dev.tern.examples.stock;

import dev.tern.examples.measure.KeySequence;

import java.io.Serializable;
import java.util.SplittableRandom;

/**
 * A synthetic day: each order a pure function of seed and record id. Prices scatter around a middle
 * that each stock has of its own, so that about half of the volume is matched and the rest waits.
 */
public record Day(KeySequence stocks, double scatter) implements Serializable {

    private static final long LEAST_MIDDLE = 1_000;
    private static final long MIDDLES = 9_000;
    private static final int MOST_LOTS = 10;
    private static final int LOT = 100;

    /** The order of a record. */
    public Order at(long record, long scheduledMicros, int channel) {
        long stock = stocks.key(record);
        long middle =
                LEAST_MIDDLE + Math.floorMod(KeySequence.mix(stock ^ ~stocks.seed()), MIDDLES);
        SplittableRandom random =
                new SplittableRandom(KeySequence.mix(record ^ KeySequence.mix(~stocks.seed())));
        long distance = Math.round(random.nextGaussian() * scatter);
        return new Order(
                record,
                scheduledMicros,
                channel,
                name(stock),
                random.nextBoolean(),
                Math.max(1, middle + distance),
                LOT * (1L + random.nextInt(MOST_LOTS)));
    }

    /** Six digits or more, as exchanges number stocks. */
    private static String name(long stock) {
        return Long.toString(600_000 + stock);
    }
}
