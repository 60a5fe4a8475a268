package dev.tern.rescale.request;

import javax.annotation.Nullable;

import java.io.Serializable;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * What a user asks for. What is left out is filled in by {@link RequestResolver}.
 *
 * @param vertex id or name of the vertex to rescale
 * @param parallelism wanted number of subtasks
 * @param strategy how key groups are migrated
 * @param options options of the strategy
 * @param placement who gets them
 * @param dryRun whether only the plan is wanted
 * @param allowRestart whether the job may be restarted if it cannot be rescaled live
 */
public record RescaleRequest(
        Optional<String> vertex,
        OptionalInt parallelism,
        Optional<String> strategy,
        Map<String, String> options,
        Optional<String> placement,
        boolean dryRun,
        boolean allowRestart)
        implements Serializable {

    public RescaleRequest {
        Objects.requireNonNull(vertex, "vertex");
        Objects.requireNonNull(parallelism, "parallelism");
        Objects.requireNonNull(strategy, "strategy");
        options = Collections.unmodifiableMap(new TreeMap<>(options));
        Objects.requireNonNull(placement, "placement");
    }

    /** A request that leaves everything out. */
    public static RescaleRequest empty() {
        return of(null, null, null, null, false, false);
    }

    /** A request in which null stands for what is left out. */
    public static RescaleRequest of(
            @Nullable String vertex,
            @Nullable Integer parallelism,
            @Nullable String strategy,
            @Nullable String placement,
            boolean dryRun,
            boolean allowRestart) {
        return new RescaleRequest(
                Optional.ofNullable(vertex),
                parallelism == null ? OptionalInt.empty() : OptionalInt.of(parallelism),
                Optional.ofNullable(strategy),
                Map.of(),
                Optional.ofNullable(placement),
                dryRun,
                allowRestart);
    }

    /** The same request with these options of the strategy. */
    public RescaleRequest withOptions(Map<String, String> newOptions) {
        return new RescaleRequest(
                vertex, parallelism, strategy, newOptions, placement, dryRun, allowRestart);
    }

    /** The same request, with these values for what it leaves out. */
    public RescaleRequest withDefaults(RescaleDefaults defaults) {
        Optional<String> named = strategy.or(defaults::strategy);
        Map<String, String> all =
                new TreeMap<>(
                        named.map(String::trim)
                                .map(name -> defaults.strategies().get(name))
                                .orElse(Map.of()));
        all.putAll(options);
        return new RescaleRequest(
                vertex.or(defaults::vertex),
                parallelism.isPresent() ? parallelism : defaults.parallelism(),
                named,
                all,
                placement.or(defaults::placement),
                dryRun,
                allowRestart);
    }

    // Optionals are not serializable.
    private Object writeReplace() {
        return new Wire(
                vertex.orElse(null),
                parallelism.isPresent() ? parallelism.getAsInt() : null,
                strategy.orElse(null),
                new TreeMap<>(options),
                placement.orElse(null),
                dryRun,
                allowRestart);
    }

    private record Wire(
            @Nullable String vertex,
            @Nullable Integer parallelism,
            @Nullable String strategy,
            TreeMap<String, String> options,
            @Nullable String placement,
            boolean dryRun,
            boolean allowRestart)
            implements Serializable {

        private Object readResolve() {
            return of(vertex, parallelism, strategy, placement, dryRun, allowRestart)
                    .withOptions(options);
        }
    }
}
