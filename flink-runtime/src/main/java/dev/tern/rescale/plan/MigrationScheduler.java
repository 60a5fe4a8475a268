package dev.tern.rescale.plan;

import dev.tern.rescale.config.CheckedOption;

import org.apache.flink.configuration.ReadableConfig;

import java.util.List;

/**
 * Decides which moves share a step, and the order of the steps.
 *
 * <p>Pure: the same arguments give the same result. Found through {@link java.util.ServiceLoader},
 * also in {@code plugins/} of the distribution; chosen by a strategy. Runs in the JobMaster main
 * thread, which plans of {@code 32768} key groups must not hold up for more than milliseconds.
 */
public interface MigrationScheduler {

    /** The name strategies refer to: lower case letters, digits and hyphens. */
    String name();

    /**
     * The options a strategy or a request may set, with their keys, defaults and ranges. A scheduler
     * that makes several steps lists {@link SchedulerOptions#PAUSE}, which Tern itself carries out.
     */
    default List<CheckedOption<?>> options() {
        return List.of();
    }

    /**
     * Whether it cannot decide without record rates. A request is refused where they are not
     * measured.
     *
     * @param options the values of its {@link #options}, all of them in range
     */
    default boolean needsRates(ReadableConfig options) {
        return options().contains(SchedulerOptions.ORDER)
                && SchedulerOptions.ORDER.read(options).needsRates();
    }

    /**
     * Splits the moves into the steps that are executed one after the other. Every move is in exactly
     * one step, and no step is empty.
     *
     * @param view what moves
     * @param options the values of its {@link #options}, all of them in range
     */
    List<List<Move>> schedule(MigrationView view, ReadableConfig options);
}
