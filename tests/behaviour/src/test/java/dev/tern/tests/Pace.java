package dev.tern.tests;

import org.apache.flink.api.connector.source.SourceSplit;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiter;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The pace of a source: a steady rate until the test has done what it wanted, then as fast as can
 * be. So the input neither ends before the test on a slow machine nor keeps it waiting.
 *
 * @param recordsPerSecond of all subtasks together
 */
record Pace<S extends SourceSplit>(String run, double recordsPerSecond)
        implements RateLimiterStrategy<S> {

    private static final Set<String> HURRIED = ConcurrentHashMap.newKeySet();

    /** The test is done with the run; the rest of its input may come at once. */
    static void hurry(String run) {
        HURRIED.add(run);
    }

    @Override
    public RateLimiter<S> createRateLimiter(int parallelism) {
        RateLimiter<S> steady =
                RateLimiterStrategy.<S>perSecond(recordsPerSecond).createRateLimiter(parallelism);
        return new RateLimiter<>() {
            @Override
            public CompletionStage<Void> acquire(int records) {
                return HURRIED.contains(run)
                        ? CompletableFuture.completedFuture(null)
                        : steady.acquire(records);
            }
        };
    }
}
