package dev.tern.rescale.strategy;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * A named preset: how moves are batched, how a batch is handed over, and with which options. Data:
 * the configuration may define more of them.
 *
 * @param name what users write after {@code -s}
 * @param scheduler name of a {@link dev.tern.rescale.plan.MigrationScheduler}
 * @param handover name of a {@link HandoverProtocol}
 * @param options values of options of the scheduler; those left out have their defaults
 */
public record Strategy(
        String name, String scheduler, String handover, Map<String, String> options) {

    /** In a definition: the strategy from which everything is taken that is not defined. */
    public static final String BASE = "base";

    /** In a definition or a request: another scheduler. */
    public static final String SCHEDULER = "scheduler";

    /** In a definition or a request: another hand-over protocol. */
    public static final String HANDOVER = "handover";

    public Strategy {
        options = Collections.unmodifiableMap(new TreeMap<>(options));
    }

    /** A strategy in which all options have their defaults. */
    public Strategy(String name, String scheduler, String handover) {
        this(name, scheduler, handover, Map.of());
    }

    /**
     * The same with other values. Options belong to a scheduler: those of the preset are dropped
     * where another scheduler is given.
     *
     * @param newName the name of the result
     * @param values options of the scheduler, and {@link #SCHEDULER} and {@link #HANDOVER}
     */
    Strategy with(String newName, Map<String, String> values) {
        Map<String, String> further = new TreeMap<>(values);
        String otherScheduler = further.remove(SCHEDULER);
        String otherHandover = further.remove(HANDOVER);
        boolean same = otherScheduler == null || otherScheduler.equals(scheduler);
        Map<String, String> all = new TreeMap<>(same ? options : Map.of());
        all.putAll(further);
        return new Strategy(
                newName,
                otherScheduler == null ? scheduler : otherScheduler,
                otherHandover == null ? handover : otherHandover,
                all);
    }
}
