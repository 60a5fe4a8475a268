package dev.tern.rescale.plan;

import org.apache.flink.configuration.ReadableConfig;

import java.util.List;

/** Everything moves in one step. */
public final class AllAtOnce implements MigrationScheduler {

    public static final String NAME = "all-at-once";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<List<Move>> schedule(MigrationView view, ReadableConfig options) {
        return view.moves().isEmpty() ? List.of() : List.of(view.moves());
    }
}
