package dev.tern.rescale.request;

import javax.annotation.Nullable;

import java.io.Serializable;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a user asks for. What is left out is filled in by {@link RequestResolver}.
 *
 * @param vertex id or name of the vertex to rescale
 * @param parallelism wanted number of subtasks
 * @param strategy how key groups are migrated
 * @param placement who gets them
 * @param dryRun whether only the plan is wanted
 * @param allowRestart whether the job may be restarted if it cannot be rescaled live
 */
public record RescaleRequest(
        Optional<String> vertex,
        OptionalInt parallelism,
        Optional<String> strategy,
        Optional<String> placement,
        boolean dryRun,
        boolean allowRestart)
        implements Serializable {

    public RescaleRequest {
        Objects.requireNonNull(vertex, "vertex");
        Objects.requireNonNull(parallelism, "parallelism");
        Objects.requireNonNull(strategy, "strategy");
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
                Optional.ofNullable(placement),
                dryRun,
                allowRestart);
    }

    /** The same request, with these values for what it leaves out. */
    public RescaleRequest withDefaults(RescaleDefaults defaults) {
        return new RescaleRequest(
                vertex.or(defaults::vertex),
                parallelism.isPresent() ? parallelism : defaults.parallelism(),
                strategy.or(defaults::strategy),
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
                placement.orElse(null),
                dryRun,
                allowRestart);
    }

    private record Wire(
            @Nullable String vertex,
            @Nullable Integer parallelism,
            @Nullable String strategy,
            @Nullable String placement,
            boolean dryRun,
            boolean allowRestart)
            implements Serializable {

        private Object readResolve() {
            return of(vertex, parallelism, strategy, placement, dryRun, allowRestart);
        }
    }
}
