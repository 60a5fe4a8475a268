package dev.tern.rescale.request;

import java.util.Map;
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
 * @param strategies options of strategies by their names, for requests that name one of them
 */
public record RescaleDefaults(
        Optional<String> vertex,
        OptionalInt parallelism,
        Optional<String> strategy,
        Optional<String> placement,
        Map<String, Map<String, String>> strategies) {

    /** No default for anything. */
    public static final RescaleDefaults NONE =
            new RescaleDefaults(
                    Optional.empty(), OptionalInt.empty(), Optional.empty(), Optional.empty());

    public RescaleDefaults {
        Objects.requireNonNull(vertex, "vertex");
        Objects.requireNonNull(parallelism, "parallelism");
        Objects.requireNonNull(strategy, "strategy");
        Objects.requireNonNull(placement, "placement");
        strategies = Map.copyOf(strategies);
    }

    /** Defaults that know nothing of strategies but the name of one. */
    public RescaleDefaults(
            Optional<String> vertex,
            OptionalInt parallelism,
            Optional<String> strategy,
            Optional<String> placement) {
        this(vertex, parallelism, strategy, placement, Map.of());
    }
}
