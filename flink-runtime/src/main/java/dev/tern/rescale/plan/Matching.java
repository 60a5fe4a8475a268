package dev.tern.rescale.plan;

import dev.tern.rescale.config.CheckedOption;

import org.apache.flink.configuration.ReadableConfig;

import java.util.List;

/**
 * In every step each subtask sends at most one key group and receives at most one, so that no
 * subtask is busier than another; and there are as few steps as that allows. The "optimized" batches
 * of Megaphone (Hoffmann et al., VLDB 2019, section 4.4), which look for a largest matching in each
 * step; here all steps are found at once, see {@link EdgeColouring}.
 *
 * <p>Moves that come first in the wanted order go in early steps, as far as the number of steps stays
 * the least.
 */
public final class Matching implements MigrationScheduler {

    public static final String NAME = "matching";

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
        return EdgeColouring.of(SchedulerOptions.ordered(view, options));
    }
}
