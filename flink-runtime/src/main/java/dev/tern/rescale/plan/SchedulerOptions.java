package dev.tern.rescale.plan;

import dev.tern.rescale.config.CheckedOption;

import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.ReadableConfig;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** Options that several schedulers have. */
public final class SchedulerOptions {

    /** Which key groups move first. */
    public static final CheckedOption<Order> ORDER =
            CheckedOption.choice(
                    ConfigOptions.key("order")
                            .enumType(Order.class)
                            .defaultValue(Order.INDEX)
                            .withDescription("Which key groups move first."));

    /** What a random order depends on. */
    public static final CheckedOption<Integer> SEED =
            CheckedOption.integer(
                    ConfigOptions.key("seed")
                            .intType()
                            .defaultValue(1)
                            .withDescription("What order random depends on."),
                    0,
                    Integer.MAX_VALUE);

    /** How long nothing moves between two steps. */
    public static final CheckedOption<Duration> PAUSE =
            CheckedOption.duration(
                    ConfigOptions.key("pause")
                            .durationType()
                            .defaultValue(Duration.ZERO)
                            .withDescription(
                                    "How long nothing moves between two steps, so that queues"
                                            + " drain. Checkpoints that are due are taken"
                                            + " meanwhile."),
                    Duration.ZERO,
                    Duration.ofHours(1));

    /** The options of every scheduler that orders moves and makes several steps. */
    static final List<CheckedOption<?>> OF_ORDERED_STEPS = List.of(ORDER, SEED, PAUSE);

    private SchedulerOptions() {}

    static List<CheckedOption<?>> ofOrderedSteps(CheckedOption<?>... further) {
        return Stream.concat(Stream.of(further), OF_ORDERED_STEPS.stream()).toList();
    }

    /** All moves in the wanted order. */
    static List<Move> ordered(MigrationView view, ReadableConfig options) {
        return ORDER.read(options).of(view, SEED.read(options));
    }
}
