package dev.tern.rescale.plan;

import java.util.List;
import java.util.Map;

/** Everything moves in one step. */
public final class AllAtOnce implements MigrationScheduler {

    public static final String NAME = "all-at-once";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<List<Move>> schedule(List<Move> moves, Map<Integer, Long> keyGroupBytes) {
        return moves.isEmpty() ? List.of() : List.of(moves);
    }
}
