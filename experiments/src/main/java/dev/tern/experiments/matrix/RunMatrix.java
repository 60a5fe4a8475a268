package dev.tern.experiments.matrix;

import java.util.ArrayList;
import java.util.List;

/** Lays out the runs of an experiment: every engine once per pair, in {@link AbbaOrder}. */
public final class RunMatrix {

    private RunMatrix() {}

    /**
     * All runs in the order in which they are to be executed.
     *
     * @param engines the engines to compare, without repetition
     * @param pairs how many runs of each engine
     * @param seed decides the order and is the base of every run's generator seed
     */
    public static List<RunSpec> of(List<Engine> engines, int pairs, long seed) {
        List<RunSpec> runs = new ArrayList<>(engines.size() * pairs);
        List<List<Engine>> order = AbbaOrder.of(engines, pairs, seed);
        for (int pair = 0; pair < pairs; pair++) {
            for (Engine engine : order.get(pair)) {
                runs.add(new RunSpec(engine, pair, runs.size(), seed + pair));
            }
        }
        return List.copyOf(runs);
    }
}
