package dev.tern.rescale.coordinate;

import java.time.Duration;
import java.util.Optional;

/**
 * Decides between two steps whether the next one may make records wait. Remembers the step in which
 * they waited longest.
 */
final class SuspensionGuard {

    private final Optional<Duration> limit;
    private long longestNanos;
    private long bytesOfLongest;

    /**
     * @param limit empty for any time
     */
    SuspensionGuard(Optional<Duration> limit) {
        this.limit = limit;
    }

    /**
     * A step is over.
     *
     * @param bytes estimated size of what it moved
     * @param suspensionNanos longest time a record waited
     */
    void stepDone(long bytes, long suspensionNanos) {
        if (suspensionNanos >= longestNanos) {
            longestNanos = suspensionNanos;
            bytesOfLongest = bytes;
        }
    }

    /**
     * Why the next step should not be begun, as a sentence; empty when it may. It is expected to
     * take as long as the longest so far, or longer in proportion to its size.
     *
     * @param nextBytes estimated size of the next step
     */
    Optional<String> objection(long nextBytes) {
        if (limit.isEmpty()) {
            return Optional.empty();
        }
        long limitMs = limit.get().toMillis();
        double longestMs = longestNanos / 1e6;
        if (longestMs > limitMs) {
            return Optional.of(
                    String.format(
                            "Records waited %.0f ms in one step, and rescale.max-suspension is %d"
                                    + " ms.",
                            longestMs, limitMs));
        }
        double growth = bytesOfLongest == 0 ? 1 : Math.max(1, (double) nextBytes / bytesOfLongest);
        double expectedMs = longestMs * growth;
        return expectedMs > limitMs
                ? Optional.of(
                        String.format(
                                "Records would wait about %.0f ms in the next step, which moves %d"
                                        + " bytes (%.0f ms for %d bytes so far), and"
                                        + " rescale.max-suspension is %d ms.",
                                expectedMs, nextBytes, longestMs, bytesOfLongest, limitMs))
                : Optional.empty();
    }
}
