package dev.tern.experiments.matrix;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;

/**
 * Decides which engine runs when.
 *
 * <p>Pairs come in blocks of two whose second half mirrors the first (ABBA), so that a drift of the
 * machine weighs on all engines alike; a coin thrown by the seed decides who starts a block.
 */
public final class RunMatrix {

    private RunMatrix() {}

    /**
     * Lays out all runs in the order in which they are to be executed.
     *
     * @param engines the engines to compare, without repetition
     * @param pairs how many runs of each engine
     * @param seed decides the order and is the base of every run's generator seed
     */
    public static List<RunSpec> of(List<Engine> engines, int pairs, long seed) {
        if (engines.isEmpty() || engines.stream().distinct().count() != engines.size()) {
            throw new IllegalArgumentException(
                    "An experiment needs different engines, got " + engines + ".");
        }
        if (pairs < 1) {
            throw new IllegalArgumentException(
                    "An experiment needs at least 1 pair, got " + pairs + ".");
        }
        // Mixed first: the first choices of Random hardly differ between small seeds.
        Random coin = new Random(new SplittableRandom(seed).nextLong());
        List<RunSpec> runs = new ArrayList<>(engines.size() * pairs);
        List<Engine> sequence = new ArrayList<>(engines);
        for (int pair = 0; pair < pairs; pair++) {
            if (pair % 2 == 0) {
                sequence = new ArrayList<>(engines);
                Collections.shuffle(sequence, coin);
            } else {
                Collections.reverse(sequence);
            }
            for (Engine engine : sequence) {
                runs.add(new RunSpec(engine, pair, runs.size(), seed + pair));
            }
        }
        return List.copyOf(runs);
    }
}
