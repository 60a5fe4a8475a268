package dev.tern.rescale.plan;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Moves by (source, target) pair. */
final class MovesByPair {

    private MovesByPair() {}

    /** The moves of each pair in the order given; pairs by source and target. */
    static Collection<Deque<Move>> of(List<Move> moves) {
        Map<Integer, Map<Integer, Deque<Move>>> byPair = new TreeMap<>();
        for (Move move : moves) {
            byPair.computeIfAbsent(move.from(), from -> new TreeMap<>())
                    .computeIfAbsent(move.to(), to -> new ArrayDeque<>())
                    .add(move);
        }
        List<Deque<Move>> pairs = new ArrayList<>();
        byPair.values().forEach(byTarget -> pairs.addAll(byTarget.values()));
        return pairs;
    }
}
