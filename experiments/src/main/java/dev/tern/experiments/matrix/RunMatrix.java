package dev.tern.experiments.matrix;

import java.util.ArrayList;
import java.util.List;

/** Lays out the runs of an experiment: every arm once per pair, in {@link AbbaOrder}. */
public final class RunMatrix {

    private RunMatrix() {}

    /**
     * All runs in the order in which they are to be executed.
     *
     * @param arms what to compare, without repetition
     * @param pairs how many runs of each arm
     * @param seed decides the order and is the base of every run's generator seed
     */
    public static List<RunSpec> of(List<Arm> arms, int pairs, long seed) {
        List<RunSpec> runs = new ArrayList<>(arms.size() * pairs);
        List<List<Arm>> order = AbbaOrder.of(arms, pairs, seed);
        for (int pair = 0; pair < pairs; pair++) {
            for (Arm arm : order.get(pair)) {
                runs.add(new RunSpec(arm, pair, runs.size(), seed + pair));
            }
        }
        return List.copyOf(runs);
    }
}
