package dev.tern.rescale.plan;

import dev.tern.rescale.config.CheckedOption;

import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.ReadableConfig;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Steps of about equal size, so that records of a moving unit wait for the transfer of one step
 * instead of for that of everything.
 *
 * <p>The (from, to) pairs take turns, so that all of them work in every step. A state that is small
 * as a whole moves in one step. Batched migration is Megaphone's idea (Hoffmann et al., VLDB 2019,
 * section 3.3); the batches here are cut by bytes instead of by number.
 */
public final class ByteBudget implements MigrationScheduler {

    public static final String NAME = "byte-budget";

    /** A step ends when it has reached so many bytes. */
    public static final CheckedOption<MemorySize> STEP_SIZE =
            CheckedOption.memory(
                    ConfigOptions.key("step-size")
                            .memoryType()
                            .defaultValue(MemorySize.parse("24mb"))
                            .withDescription("How much state moves together in a step."),
                    "1 b",
                    "16 gb");

    /** Bound on the number of steps; larger steps are made instead. */
    public static final CheckedOption<Integer> MAX_STEPS =
            CheckedOption.integer(
                    ConfigOptions.key("max-steps")
                            .intType()
                            .defaultValue(64)
                            .withDescription(
                                    "How many steps there are at most; larger steps are made"
                                            + " instead."),
                    1,
                    32768);

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<CheckedOption<?>> options() {
        return SchedulerOptions.ofOrderedSteps(STEP_SIZE, MAX_STEPS);
    }

    @Override
    public List<List<Move>> schedule(MigrationView view, ReadableConfig options) {
        int maxSteps = MAX_STEPS.read(options);
        long budget =
                Math.max(
                        STEP_SIZE.read(options).getBytes(),
                        (view.totalBytes() + maxSteps - 1) / maxSteps);
        List<List<Move>> steps = new ArrayList<>();
        List<Move> step = new ArrayList<>();
        long bytes = 0;
        for (Move move : inTurns(SchedulerOptions.ordered(view, options))) {
            step.add(move);
            bytes += view.bytesOf(move);
            if (bytes >= budget) {
                steps.add(List.copyOf(step));
                step.clear();
                bytes = 0;
            }
        }
        if (!step.isEmpty()) {
            steps.add(List.copyOf(step));
        }
        return steps;
    }

    private static List<Move> inTurns(List<Move> moves) {
        Deque<Deque<Move>> pairs = new ArrayDeque<>(MovesByPair.of(moves));
        List<Move> ordered = new ArrayList<>();
        while (!pairs.isEmpty()) {
            Deque<Move> pair = pairs.remove();
            ordered.add(pair.remove());
            if (!pair.isEmpty()) {
                pairs.add(pair);
            }
        }
        return ordered;
    }
}
