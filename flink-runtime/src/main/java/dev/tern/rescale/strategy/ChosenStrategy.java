package dev.tern.rescale.strategy;

import dev.tern.rescale.config.CheckedOption;
import dev.tern.rescale.config.NearestWord;
import dev.tern.rescale.plan.MigrationScheduler;
import dev.tern.rescale.plan.MigrationView;
import dev.tern.rescale.plan.Move;
import dev.tern.rescale.plan.SchedulerOptions;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.IllegalConfigurationException;

import java.time.Duration;
import java.util.List;

/** A strategy with its parts and the values of its options, all of which have been checked. */
public final class ChosenStrategy {

    private final Strategy strategy;
    private final MigrationScheduler scheduler;
    private final HandoverProtocol handover;
    private final Configuration options;

    private ChosenStrategy(
            Strategy strategy, MigrationScheduler scheduler, HandoverProtocol handover) {
        this.strategy = strategy;
        this.scheduler = scheduler;
        this.handover = handover;
        this.options = Configuration.fromMap(strategy.options());
    }

    /**
     * @param handover a legal one
     * @throws IllegalArgumentException with a sentence when an option is not known or has a value out
     *     of its range
     */
    static ChosenStrategy of(
            Strategy strategy, MigrationScheduler scheduler, HandoverProtocol handover) {
        ChosenStrategy chosen = new ChosenStrategy(strategy, scheduler, handover);
        strategy.options().keySet().forEach(chosen::requireKnown);
        scheduler.options().forEach(chosen::requireInRange);
        return chosen;
    }

    private void requireKnown(String key) {
        List<String> known = scheduler.options().stream().map(CheckedOption::key).toList();
        if (known.isEmpty()) {
            throw new IllegalArgumentException(
                    String.format(
                            "Strategy %s has no option %s: its scheduler %s has none at all.",
                            strategy.name(), key, scheduler.name()));
        }
        if (!known.contains(key)) {
            throw new IllegalArgumentException(
                    String.format(
                            "Strategy %s has no option %s. Did you mean %s? Its scheduler %s has: %s.",
                            strategy.name(),
                            key,
                            NearestWord.to(key, known),
                            scheduler.name(),
                            String.join(", ", known)));
        }
    }

    private void requireInRange(CheckedOption<?> option) {
        try {
            option.readOptional(options);
        } catch (IllegalConfigurationException e) {
            throw new IllegalArgumentException(
                    String.format(
                            "Option %s of strategy %s is \"%s\", expected: %s, %s.",
                            option.key(),
                            strategy.name(),
                            strategy.options().get(option.key()),
                            option.type(),
                            option.range()),
                    e);
        }
    }

    public Strategy strategy() {
        return strategy;
    }

    public HandoverProtocol handover() {
        return handover;
    }

    /** How long nothing moves between two steps. */
    public Duration pause() {
        return scheduler.options().contains(SchedulerOptions.PAUSE)
                ? SchedulerOptions.PAUSE.read(options)
                : Duration.ZERO;
    }

    /** Whether it cannot decide without record rates of the key groups. */
    public boolean needsRates() {
        return scheduler.needsRates(options);
    }

    /** What moves in each step. */
    public List<List<Move>> schedule(MigrationView view) {
        return scheduler.schedule(view, options);
    }
}
