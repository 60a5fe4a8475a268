package dev.tern.experiments.matrix;

import static java.util.Objects.requireNonNull;

/**
 * One run of the job on one engine, with one rescale.
 *
 * @param engine the distribution that runs it
 * @param pair the pair it belongs to, from 0; a pair holds one run of every engine
 * @param order its place in the whole experiment, from 0
 * @param seed the seed of the generator; equal for all runs of a pair
 */
public record RunSpec(Engine engine, int pair, int order, long seed) {

    public RunSpec {
        requireNonNull(engine, "engine");
        if (pair < 0 || order < 0) {
            throw new IllegalArgumentException(
                    "Pair and order count from 0, got pair " + pair + " and order " + order + ".");
        }
    }

    /** A name fit for a directory: place, engine and pair. */
    public String directoryName() {
        return String.format("run-%02d-pair-%02d-%s", order, pair, engine.label());
    }
}
