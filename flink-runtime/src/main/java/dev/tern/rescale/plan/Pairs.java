package dev.tern.rescale.plan;

import dev.tern.rescale.config.CheckedOption;

import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.ReadableConfig;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Subscales: key groups of one (source, target) pair move together, and at most a few subscales at a
 * time touch one subtask. After the planner of DRRS (ICDE 2025): pairs with the most subscales left
 * go first.
 *
 * <p>The kernel executes one step at a time. So the subscales of a step begin and end together, and
 * the next ones wait for the slowest of them; in DRRS each is followed by the next one of its own.
 */
public final class Pairs implements MigrationScheduler {

    public static final String NAME = "pairs";

    /** How many subscales may touch a subtask at a time. */
    public static final CheckedOption<Integer> CONCURRENT =
            CheckedOption.integer(
                    ConfigOptions.key("concurrent")
                            .intType()
                            .defaultValue(2)
                            .withDescription(
                                    "How many subscales of one step may touch a subtask, as source"
                                            + " or as target."),
                    1,
                    1024);

    /** How many key groups a subscale has. */
    public static final CheckedOption<Integer> UNITS =
            CheckedOption.integer(
                    ConfigOptions.key("units")
                            .intType()
                            .noDefaultValue()
                            .withDescription(
                                    "How many key groups of a pair move together at most. By default"
                                            + " half of what the pairs have on average, and at"
                                            + " least 7."),
                    1,
                    32768);

    private static final int LEAST_UNITS = 7;

    /** What is left of one pair. */
    private record Pair(int from, int to, Deque<List<Move>> subscales) {}

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<CheckedOption<?>> options() {
        return SchedulerOptions.ofOrderedSteps(CONCURRENT, UNITS);
    }

    @Override
    public List<List<Move>> schedule(MigrationView view, ReadableConfig options) {
        Collection<Deque<Move>> byPair =
                MovesByPair.of(SchedulerOptions.ordered(view, options));
        int units =
                UNITS.readOptional(options)
                        .orElseGet(() -> unitsFor(view.moves().size(), byPair.size()));
        List<Pair> pairs = new ArrayList<>();
        for (Deque<Move> moves : byPair) {
            pairs.add(
                    new Pair(
                            moves.getFirst().from(),
                            moves.getFirst().to(),
                            new ArrayDeque<>(Batch.chunks(List.copyOf(moves), units))));
        }
        List<List<Move>> steps = new ArrayList<>();
        while (!pairs.isEmpty()) {
            steps.add(step(pairs, CONCURRENT.read(options)));
            pairs.removeIf(pair -> pair.subscales().isEmpty());
        }
        return steps;
    }

    private static int unitsFor(int moves, int pairs) {
        return pairs == 0 ? LEAST_UNITS : Math.max(LEAST_UNITS, moves / pairs / 2);
    }

    /** Takes subscales, one of each pair in turn, for as long as the subtasks may be touched. */
    private static List<Move> step(List<Pair> pairs, int concurrent) {
        Map<Integer, Integer> touched = new HashMap<>();
        List<Move> step = new ArrayList<>();
        OptionalInt before = OptionalInt.empty();
        while (before.isEmpty() || before.getAsInt() < step.size()) {
            before = OptionalInt.of(step.size());
            pairs.sort(Comparator.comparingInt((Pair p) -> p.subscales().size()).reversed());
            for (Pair pair : pairs) {
                if (!pair.subscales().isEmpty()
                        && touched.getOrDefault(pair.from(), 0) < concurrent
                        && touched.getOrDefault(pair.to(), 0) < concurrent) {
                    touched.merge(pair.from(), 1, Integer::sum);
                    touched.merge(pair.to(), 1, Integer::sum);
                    step.addAll(pair.subscales().remove());
                }
            }
        }
        return step;
    }
}
