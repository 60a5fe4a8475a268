package dev.tern.tests;

import org.apache.flink.api.connector.source.SourceSplit;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiter;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The pace of a source: a steady rate until the test has done what it wanted, then as fast as can
 * be. So the input neither ends before the test on a slow machine nor keeps it waiting.
 *
 * @param recordsPerSecond of all subtasks together; zero: nothing comes until then
 */
record Pace<S extends SourceSplit>(String run, double recordsPerSecond)
        implements RateLimiterStrategy<S> {

    private static final Map<String, CompletableFuture<Void>> HURRIED = new ConcurrentHashMap<>();

    /** The test is done with the run; the rest of its input may come at once. */
    static void hurry(String run) {
        hurried(run).complete(null);
    }

    private static CompletableFuture<Void> hurried(String run) {
        return HURRIED.computeIfAbsent(run, ignored -> new CompletableFuture<>());
    }

    @Override
    public RateLimiter<S> createRateLimiter(int parallelism) {
        CompletableFuture<Void> hurried = hurried(run);
        if (recordsPerSecond == 0) {
            return records -> hurried;
        }
        RateLimiter<S> steady =
                RateLimiterStrategy.<S>perSecond(recordsPerSecond).createRateLimiter(parallelism);
        return records ->
                hurried.isDone()
                        ? CompletableFuture.completedFuture(null)
                        : steady.acquire(records);
    }
}
