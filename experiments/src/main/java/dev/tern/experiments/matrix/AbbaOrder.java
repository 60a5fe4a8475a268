package dev.tern.experiments.matrix;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;

/**
 * Decides in which order the arms of a comparison run.
 *
 * <p>Pairs come in blocks of two whose second half mirrors the first (ABBA), so that a drift of the
 * machine weighs on all arms alike; a coin thrown by the seed decides who starts a block.
 */
public final class AbbaOrder {

    private AbbaOrder() {}

    /**
     * The order within each pair.
     *
     * @param arms what is compared, without repetition
     * @param pairs how many runs of each arm
     * @param seed of the coin
     */
    public static <T> List<List<T>> of(List<T> arms, int pairs, long seed) {
        if (arms.isEmpty() || arms.stream().distinct().count() != arms.size()) {
            throw new IllegalArgumentException(
                    "An experiment compares different things, got " + arms + ".");
        }
        if (pairs < 1) {
            throw new IllegalArgumentException(
                    "An experiment needs at least 1 pair, got " + pairs + ".");
        }
        // Mixed first: the first choices of Random hardly differ between small seeds.
        Random coin = new Random(new SplittableRandom(seed).nextLong());
        List<List<T>> order = new ArrayList<>(pairs);
        List<T> sequence = new ArrayList<>(arms);
        for (int pair = 0; pair < pairs; pair++) {
            if (pair % 2 == 0) {
                Collections.shuffle(sequence, coin);
            } else {
                Collections.reverse(sequence);
            }
            order.add(List.copyOf(sequence));
        }
        return List.copyOf(order);
    }
}
