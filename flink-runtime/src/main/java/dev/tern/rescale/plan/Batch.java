package dev.tern.rescale.plan;

import dev.tern.rescale.config.CheckedOption;

import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.ReadableConfig;

import java.util.ArrayList;
import java.util.List;

/**
 * A fixed number of key groups a step, in the wanted order. "Batched" in Megaphone (Hoffmann et al.,
 * VLDB 2019, section 3.3).
 */
public final class Batch implements MigrationScheduler {

    public static final String NAME = "batch";

    /** How many key groups move together. */
    public static final CheckedOption<Integer> UNITS =
            CheckedOption.integer(
                    ConfigOptions.key("units")
                            .intType()
                            .defaultValue(16)
                            .withDescription("How many key groups move together in a step."),
                    1,
                    32768);

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<CheckedOption<?>> options() {
        return SchedulerOptions.ofOrderedSteps(UNITS);
    }

    @Override
    public List<List<Move>> schedule(MigrationView view, ReadableConfig options) {
        return chunks(SchedulerOptions.ordered(view, options), UNITS.read(options));
    }

    /** Consecutive parts of at most so many moves. */
    static List<List<Move>> chunks(List<Move> moves, int units) {
        List<List<Move>> chunks = new ArrayList<>();
        for (int start = 0; start < moves.size(); start += units) {
            chunks.add(List.copyOf(moves.subList(start, Math.min(moves.size(), start + units))));
        }
        return chunks;
    }
}
