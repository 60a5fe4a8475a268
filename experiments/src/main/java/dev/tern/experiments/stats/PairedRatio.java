package dev.tern.experiments.stats;

/**
 * The median of per-pair ratios with its bootstrap interval.
 *
 * @param median the median ratio
 * @param low the lower end of the interval
 * @param high the upper end of the interval
 * @param pairs how many pairs it rests on
 */
public record PairedRatio(double median, double low, double high, int pairs) {

    /** Whether even the upper end of the interval is at most {@code limit}. */
    public boolean atMost(double limit) {
        return high <= limit;
    }

    /** Whether even the lower end of the interval is at least {@code limit}. */
    public boolean atLeast(double limit) {
        return low >= limit;
    }
}
