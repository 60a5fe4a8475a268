package dev.tern.examples.nexmark;

import java.util.Arrays;

/**
 * An average of prices in an array: the number of sales, then either the sum of all prices or the
 * latest ten, oldest first.
 */
final class SaleAverage {

    private static final int LATEST = 10;

    private SaleAverage() {}

    /** The array after a sale; null stands for none before. */
    static long[] add(long[] before, long price, boolean latest) {
        if (before == null) {
            return new long[] {1, price};
        }
        if (!latest) {
            return new long[] {before[0] + 1, before[1] + price};
        }
        int dropped = before.length > LATEST ? 1 : 0;
        long[] after = new long[before.length - dropped + 1];
        after[0] = before[0] + 1;
        System.arraycopy(before, 1 + dropped, after, 1, before.length - 1 - dropped);
        after[after.length - 1] = price;
        return after;
    }

    static long sales(long[] average) {
        return average[0];
    }

    /** The average in cents, rounded down. Prices of one array are either summed up or single. */
    static long average(long[] average) {
        long sum = Arrays.stream(average).skip(1).sum();
        return average.length == 2 ? sum / average[0] : sum / (average.length - 1);
    }
}
