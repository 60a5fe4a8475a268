package dev.tern.rescale.plan;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

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

    private final long stepBytes;
    private final int maxSteps;

    /**
     * @param stepBytes a step ends when it has reached so many bytes
     */
    public ByteBudget(long stepBytes) {
        this(stepBytes, 64);
    }

    /**
     * @param maxSteps bound on the number of steps; larger steps are made instead
     */
    ByteBudget(long stepBytes, int maxSteps) {
        this.stepBytes = stepBytes;
        this.maxSteps = maxSteps;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<List<Move>> schedule(List<Move> moves, Map<Integer, Long> keyGroupBytes) {
        long total = moves.stream().mapToLong(move -> bytesOf(move, keyGroupBytes)).sum();
        long budget = Math.max(stepBytes, (total + maxSteps - 1) / maxSteps);
        List<List<Move>> steps = new ArrayList<>();
        List<Move> step = new ArrayList<>();
        long bytes = 0;
        for (Move move : inTurns(moves)) {
            step.add(move);
            bytes += bytesOf(move, keyGroupBytes);
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
        Map<Integer, Map<Integer, Deque<Move>>> byPair = new TreeMap<>();
        for (Move move : moves) {
            byPair.computeIfAbsent(move.from(), from -> new TreeMap<>())
                    .computeIfAbsent(move.to(), to -> new ArrayDeque<>())
                    .add(move);
        }
        Deque<Deque<Move>> pairs = new ArrayDeque<>();
        byPair.values().forEach(byTarget -> pairs.addAll(byTarget.values()));
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

    private static long bytesOf(Move move, Map<Integer, Long> keyGroupBytes) {
        return keyGroupBytes.getOrDefault(move.keyGroup(), 0L);
    }
}
