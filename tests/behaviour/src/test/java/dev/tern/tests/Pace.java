package dev.tern.tests;

import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.SourceSplit;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiter;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.connector.datagen.source.GeneratorFunction;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The pace of a source: a steady rate until the test has done what it wanted, then as fast as can
 * be. The input never ends before: the last quarter of the ids of a subtask comes at a fiftieth of
 * the rate, the very last one only when the test is done. So a slow machine does not turn a test of
 * a rescale into one of an input that ends.
 *
 * @param records how many ids there are, of all subtasks together
 * @param recordsPerSecond of all subtasks together; zero: nothing comes until then
 */
record Pace<S extends SourceSplit>(String run, long records, double recordsPerSecond)
        implements RateLimiterStrategy<S> {

    private static final int SLOWER = 50;

    private static final Map<String, CompletableFuture<Void>> HURRIED = new ConcurrentHashMap<>();

    /** The last id of the source subtask that the thread runs. */
    private static final ThreadLocal<Long> LAST_ID = new ThreadLocal<>();

    /** Ids from zero on, as values, at a pace. */
    static <T> DataGeneratorSource<T> source(
            String run,
            GeneratorFunction<Long, T> values,
            long records,
            double recordsPerSecond,
            TypeInformation<T> type) {
        return new DataGeneratorSource<>(
                id -> {
                    LAST_ID.set(id);
                    return values.map(id);
                },
                records,
                new Pace<>(run, records, recordsPerSecond),
                type);
    }

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
            return ignored -> hurried;
        }
        return new Limiter<>(
                hurried,
                steady(recordsPerSecond, parallelism),
                steady(recordsPerSecond / SLOWER, parallelism),
                new Shares(records, parallelism));
    }

    private static <S extends SourceSplit> RateLimiter<S> steady(double rate, int parallelism) {
        return RateLimiterStrategy.<S>perSecond(rate).createRateLimiter(parallelism);
    }

    /** How ids are split among subtasks: the first ones have one more where it does not come out. */
    private record Shares(long records, int parallelism) {

        long least() {
            return records / parallelism;
        }

        /** How many ids of the subtask come behind this one of it. */
        long behind(long id) {
            long inLarger = records % parallelism * (least() + 1);
            return id < inLarger
                    ? least() - id % (least() + 1)
                    : least() - 1 - (id - inLarger) % least();
        }
    }

    /** The pace of one subtask. Called by the thread that runs it. */
    private record Limiter<S extends SourceSplit>(
            CompletableFuture<Void> hurried,
            RateLimiter<S> steady,
            RateLimiter<S> slow,
            Shares shares)
            implements RateLimiter<S> {

        @Override
        public CompletionStage<Void> acquire(int wanted) {
            if (hurried.isDone()) {
                return CompletableFuture.completedFuture(null);
            }
            Long last = LAST_ID.get();
            long left = last == null ? shares.least() : shares.behind(last);
            if (left <= wanted) {
                return hurried;
            }
            return left < shares.least() / 4 ? slow.acquire(wanted) : steady.acquire(wanted);
        }
    }
}
