package dev.tern.experiments.options;

import static java.util.Objects.requireNonNull;

import dev.tern.experiments.matrix.Engine;

import java.nio.file.Path;

/**
 * Where the distributions are.
 *
 * @param tern ours
 * @param stock the same assembly with upstream's jars
 */
public record Distributions(Path tern, Path stock) {

    public Distributions {
        requireNonNull(tern, "tern");
        requireNonNull(stock, "stock");
    }

    /** The distribution of an engine. */
    public Path of(Engine engine) {
        return switch (engine) {
            case TERN -> tern;
            case STOCK, STOCK_INGEST, STOCK_DEFAULT -> stock;
        };
    }

    /** The job; all engines run the same jar, the one in our distribution. */
    public Path referenceJob() {
        return tern.resolve("examples").resolve("KeyCount.jar");
    }
}
