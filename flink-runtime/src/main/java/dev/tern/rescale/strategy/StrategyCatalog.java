package dev.tern.rescale.strategy;

import dev.tern.rescale.plan.AllAtOnce;
import dev.tern.rescale.plan.ByteBudget;
import dev.tern.rescale.plan.ContiguousPlacement;
import dev.tern.rescale.plan.MigrationScheduler;
import dev.tern.rescale.plan.MinimalPlacement;
import dev.tern.rescale.plan.PlacementPlanner;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/** The strategies and placements of this process: the built-in ones and those on the class path. */
public final class StrategyCatalog {

    /** The aligned hand-over in steps of bounded size. */
    public static final String STEPWISE = "stepwise";

    private final Map<String, Strategy> strategies;
    private final Map<String, PlacementPlanner> placements;
    private final Map<String, MigrationScheduler> schedulers;
    private final Map<String, HandoverProtocol> handovers;

    private StrategyCatalog(
            Collection<Strategy> strategies,
            Collection<PlacementPlanner> placements,
            Collection<MigrationScheduler> schedulers,
            Collection<HandoverProtocol> handovers) {
        this.strategies = byName(strategies, Strategy::name, "strategy");
        this.placements = byName(placements, PlacementPlanner::name, "placement");
        this.schedulers = byName(schedulers, MigrationScheduler::name, "migration scheduler");
        this.handovers = byName(handovers, HandoverProtocol::name, "hand-over protocol");
        this.handovers
                .values()
                .forEach(
                        handover ->
                                HandoverRules.violation(handover)
                                        .ifPresent(
                                                rule -> {
                                                    throw new IllegalArgumentException(rule);
                                                }));
    }

    /**
     * Loads what the given class loader offers besides the built-in parts.
     *
     * @param stepBytes how much state moves together under {@link #STEPWISE}
     */
    public static StrategyCatalog load(ClassLoader classLoader, long stepBytes) {
        return new StrategyCatalog(
                List.of(
                        new Strategy(AlignedHandover.NAME, AllAtOnce.NAME, AlignedHandover.NAME),
                        new Strategy(DrrsHandover.NAME, AllAtOnce.NAME, DrrsHandover.NAME),
                        new Strategy(STEPWISE, ByteBudget.NAME, AlignedHandover.NAME)),
                with(PlacementPlanner.class, classLoader, new MinimalPlacement(), new ContiguousPlacement()),
                with(
                        MigrationScheduler.class, classLoader, new AllAtOnce(), new ByteBudget(stepBytes)),
                with(
                        HandoverProtocol.class,
                        classLoader,
                        new AlignedHandover(),
                        new DrrsHandover()));
    }

    public Collection<String> strategyNames() {
        return strategies.keySet();
    }

    public Collection<String> placementNames() {
        return placements.keySet();
    }

    /** @throws IllegalArgumentException for an unknown name, listing the known ones */
    public Strategy strategy(String name) {
        return get(strategies, name, "strategy");
    }

    /** @throws IllegalArgumentException for an unknown name, listing the known ones */
    public PlacementPlanner placement(String name) {
        return get(placements, name, "placement");
    }

    public MigrationScheduler schedulerOf(Strategy strategy) {
        return get(schedulers, strategy.scheduler(), "migration scheduler");
    }

    public HandoverProtocol handoverOf(Strategy strategy) {
        return get(handovers, strategy.handover(), "hand-over protocol");
    }

    @SafeVarargs
    private static <T> List<T> with(Class<T> spi, ClassLoader classLoader, T... builtIn) {
        return Stream.concat(
                        Stream.of(builtIn),
                        ServiceLoader.load(spi, classLoader).stream().map(ServiceLoader.Provider::get))
                .toList();
    }

    private static <T> Map<String, T> byName(
            Collection<T> values, Function<T, String> name, String what) {
        Map<String, T> map = new TreeMap<>();
        for (T value : values) {
            if (map.put(name.apply(value), value) != null) {
                throw new IllegalArgumentException(
                        "Two definitions of " + what + " '" + name.apply(value) + "'");
            }
        }
        return map;
    }

    private static <T> T get(Map<String, T> map, String name, String what) {
        T value = map.get(name);
        if (value == null) {
            throw new IllegalArgumentException(
                    "Unknown " + what + " '" + name + "'; known: " + String.join(", ", map.keySet()));
        }
        return value;
    }
}
