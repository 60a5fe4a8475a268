package dev.tern.tests;

import org.apache.flink.api.connector.source.SourceSplit;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiter;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The pace of a source: a steady rate, a trickle for the last quarter of the input, and as fast as
 * can be once the test has done what it wanted. So the input neither ends before the test on a slow
 * machine nor keeps it waiting.
 *
 * @param source tells the sources of a run apart
 * @param records of all subtasks together
 * @param recordsPerSecond of all subtasks together; zero: nothing comes until then
 */
record Pace<S extends SourceSplit>(
        String run, String source, long records, double recordsPerSecond)
        implements RateLimiterStrategy<S> {

    private static final Map<String, CompletableFuture<Void>> HURRIED = new ConcurrentHashMap<>();

    /** How many records have gone, those that were repeated after a failure included. */
    private static final Map<Pace<?>, AtomicLong> GONE = new ConcurrentHashMap<>();

    private static final double STEADY_PART = 0.75;
    private static final double TRICKLE = 0.05;

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
        return recordsPerSecond == 0 ? records -> hurried : new OfSubtask(parallelism, hurried);
    }

    /** Source reader thread. */
    private final class OfSubtask implements RateLimiter<S> {

        private final CompletableFuture<Void> hurried;
        private final RateLimiter<S> steady;
        private final RateLimiter<S> trickle;
        private final AtomicLong goneOfAll;
        private final long steadyOfAll;
        private final long steadyHere;
        private long goneHere;

        private OfSubtask(int parallelism, CompletableFuture<Void> hurried) {
            this.hurried = hurried;
            this.steady = perSecond(recordsPerSecond, parallelism);
            this.trickle = perSecond(recordsPerSecond * TRICKLE, parallelism);
            this.goneOfAll = GONE.computeIfAbsent(Pace.this, ignored -> new AtomicLong());
            this.steadyOfAll = (long) (records * STEADY_PART);
            this.steadyHere = steadyOfAll / parallelism;
        }

        private RateLimiter<S> perSecond(double rate, int parallelism) {
            return RateLimiterStrategy.<S>perSecond(rate).createRateLimiter(parallelism);
        }

        @Override
        public CompletionStage<Void> acquire(int wanted) {
            goneHere += wanted;
            // One subtask may be behind the other, and neither knows where it began.
            boolean ahead =
                    goneOfAll.addAndGet(wanted) > steadyOfAll || goneHere > steadyHere;
            if (hurried.isDone()) {
                return hurried;
            }
            return (ahead ? trickle : steady).acquire(wanted);
        }
    }
}
