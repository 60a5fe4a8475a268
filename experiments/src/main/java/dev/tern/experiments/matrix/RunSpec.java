package dev.tern.experiments.matrix;

import static java.util.Objects.requireNonNull;

/**
 * One run of the job, with one rescale.
 *
 * @param arm what runs it, and how it is rescaled
 * @param pair the pair it belongs to, from 0; a pair holds one run of every arm
 * @param order its place in the whole experiment, from 0
 * @param seed the seed of the generator; equal for all runs of a pair
 */
public record RunSpec(Arm arm, int pair, int order, long seed) {

    public RunSpec {
        requireNonNull(arm, "arm");
        if (pair < 0 || order < 0) {
            throw new IllegalArgumentException(
                    "Pair and order count from 0, got pair " + pair + " and order " + order + ".");
        }
    }

    /** The distribution that runs it. */
    public Engine engine() {
        return arm.engine();
    }

    /** A name fit for a directory: place, pair and arm. */
    public String directoryName() {
        return String.format("run-%02d-pair-%02d-%s", order, pair, arm.label());
    }
}
