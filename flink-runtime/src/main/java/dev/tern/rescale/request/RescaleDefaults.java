package dev.tern.rescale.request;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What stands in for the parts of a request that were left out.
 *
 * @param vertex id or name of the vertex to rescale
 * @param parallelism wanted number of subtasks
 * @param strategy how key groups are migrated
 * @param placement who gets them
 */
public record RescaleDefaults(
        Optional<String> vertex,
        OptionalInt parallelism,
        Optional<String> strategy,
        Optional<String> placement) {

    /** No default for anything. */
    public static final RescaleDefaults NONE =
            new RescaleDefaults(
                    Optional.empty(), OptionalInt.empty(), Optional.empty(), Optional.empty());

    public RescaleDefaults {
        Objects.requireNonNull(vertex, "vertex");
        Objects.requireNonNull(parallelism, "parallelism");
        Objects.requireNonNull(strategy, "strategy");
        Objects.requireNonNull(placement, "placement");
    }
}
