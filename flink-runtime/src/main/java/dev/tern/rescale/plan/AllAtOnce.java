package dev.tern.rescale.plan;

import java.util.List;

/** Everything moves in one step. */
public final class AllAtOnce implements MigrationScheduler {

    public static final String NAME = "all-at-once";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<List<Move>> schedule(List<Move> moves) {
        return moves.isEmpty() ? List.of() : List.of(moves);
    }
}
