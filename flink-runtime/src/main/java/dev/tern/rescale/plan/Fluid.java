package dev.tern.rescale.plan;

import dev.tern.rescale.config.CheckedOption;

import org.apache.flink.configuration.ReadableConfig;

import java.util.List;

/**
 * One key group a step: the shortest wait for each of them, and the longest rescale. "Fluid" in
 * Megaphone (Hoffmann et al., VLDB 2019, section 3.3).
 */
public final class Fluid implements MigrationScheduler {

    public static final String NAME = "fluid";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<CheckedOption<?>> options() {
        return SchedulerOptions.OF_ORDERED_STEPS;
    }

    @Override
    public List<List<Move>> schedule(MigrationView view, ReadableConfig options) {
        return SchedulerOptions.ordered(view, options).stream().map(List::of).toList();
    }
}
