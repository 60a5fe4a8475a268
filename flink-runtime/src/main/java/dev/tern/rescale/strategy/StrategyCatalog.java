package dev.tern.rescale.strategy;

import dev.tern.rescale.config.NearestWord;
import dev.tern.rescale.plan.AllAtOnce;
import dev.tern.rescale.plan.Batch;
import dev.tern.rescale.plan.ByteBudget;
import dev.tern.rescale.plan.ContiguousPlacement;
import dev.tern.rescale.plan.Fluid;
import dev.tern.rescale.plan.Matching;
import dev.tern.rescale.plan.MigrationScheduler;
import dev.tern.rescale.plan.MinimalPlacement;
import dev.tern.rescale.plan.Pairs;
import dev.tern.rescale.plan.PlacementPlanner;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The strategies and placements of this process: the built-in ones, those of the configuration, and
 * the parts that a {@link PolicySource} offers.
 */
public final class StrategyCatalog {

    /** The aligned hand-over in steps of bounded size. */
    public static final String STEPWISE = "stepwise";

    /** The aligned hand-over in steps of a number of key groups. */
    public static final String MEGAPHONE = "megaphone";

    private final Map<String, Strategy> strategies;
    private final Map<String, PlacementPlanner> placements;
    private final Map<String, MigrationScheduler> schedulers;
    private final Map<String, HandoverProtocol> handovers;

    private StrategyCatalog(PolicySource source, long stepBytes) {
        this.placements =
                byName(
                        PlacementPlanner::name,
                        "placement",
                        List.of(new MinimalPlacement(), new ContiguousPlacement()),
                        source.offered(PlacementPlanner.class));
        this.schedulers =
                byName(
                        MigrationScheduler::name,
                        "migration scheduler",
                        List.of(
                                new AllAtOnce(),
                                new ByteBudget(),
                                new Fluid(),
                                new Batch(),
                                new Matching(),
                                new Pairs()),
                        source.offered(MigrationScheduler.class));
        this.handovers =
                byName(
                        HandoverProtocol::name,
                        "hand-over protocol",
                        List.of(new AlignedHandover(), new DrrsHandover()),
                        source.offered(HandoverProtocol.class));
        this.strategies = byName(Strategy::name, "strategy", builtIn(stepBytes), List.of());
    }

    private static List<Strategy> builtIn(long stepBytes) {
        return List.of(
                new Strategy(AlignedHandover.NAME, AllAtOnce.NAME, AlignedHandover.NAME),
                new Strategy(
                        STEPWISE,
                        ByteBudget.NAME,
                        AlignedHandover.NAME,
                        Map.of(ByteBudget.STEP_SIZE.key(), stepBytes + " b")),
                new Strategy(MEGAPHONE, Batch.NAME, AlignedHandover.NAME),
                new Strategy(DrrsHandover.NAME, AllAtOnce.NAME, DrrsHandover.NAME));
    }

    /**
     * Loads what the source offers besides the built-in parts.
     *
     * @param stepBytes how much state moves together under {@link #STEPWISE}
     * @param definitions strategies of the configuration by their names: options, and {@link
     *     Strategy#BASE}, {@link Strategy#SCHEDULER} and {@link Strategy#HANDOVER}. One with the name
     *     of a built-in strategy sets options of it
     * @throws IllegalArgumentException with a sentence when a definition cannot be followed, or two
     *     parts have the same name
     */
    public static StrategyCatalog load(
            PolicySource source, long stepBytes, Map<String, Map<String, String>> definitions) {
        StrategyCatalog catalog = new StrategyCatalog(source, stepBytes);
        catalog.handovers
                .values()
                .forEach(
                        handover ->
                                HandoverRules.violation(handover)
                                        .ifPresent(
                                                rule -> {
                                                    throw new IllegalArgumentException(rule);
                                                }));
        new StrategyDefinitions(catalog.strategies, definitions).enter();
        catalog.strategies.values().forEach(catalog::bound);
        return catalog;
    }

    /** The same without any definition, with what is on the class path. */
    public static StrategyCatalog load(ClassLoader classLoader, long stepBytes) {
        return load(PolicySource.of(classLoader), stepBytes, Map.of());
    }

    public Collection<String> strategyNames() {
        return strategies.keySet();
    }

    public Collection<MigrationScheduler> schedulers() {
        return schedulers.values();
    }

    public Collection<String> placementNames() {
        return placements.keySet();
    }

    /** @throws IllegalArgumentException for an unknown name, listing the known ones */
    public PlacementPlanner placement(String name) {
        return get(placements, name, "placement");
    }

    /**
     * A strategy with the options of a request.
     *
     * @param name a known strategy; or a new name, if the options tell its {@link Strategy#BASE} or its
     *     {@link Strategy#SCHEDULER}
     * @param options values that take the place of those of the preset
     * @throws IllegalArgumentException with a sentence that says what is not known or not possible
     */
    public ChosenStrategy choose(String name, Map<String, String> options) {
        return bound(StrategyDefinitions.apply(strategies, name, options));
    }

    private ChosenStrategy bound(Strategy strategy) {
        return ChosenStrategy.of(
                strategy,
                get(schedulers, strategy.scheduler(), "migration scheduler"),
                get(handovers, strategy.handover(), "hand-over protocol"));
    }

    private static <T> Map<String, T> byName(
            Function<T, String> name, String what, Collection<T> builtIn, Collection<T> offered) {
        Map<String, T> map = new TreeMap<>();
        Stream.concat(builtIn.stream(), offered.stream())
                .forEach(
                        value -> {
                            if (map.put(name.apply(value), value) != null) {
                                throw new IllegalArgumentException(
                                        String.format(
                                                "Two definitions of %s '%s'",
                                                what, name.apply(value)));
                            }
                        });
        return map;
    }

    static <T> T get(Map<String, T> map, String name, String what) {
        T value = map.get(name);
        if (value == null) {
            throw new IllegalArgumentException(
                    String.format(
                            "There is no %s \"%s\". Did you mean %s? Known are: %s.",
                            what,
                            name,
                            NearestWord.to(name, map.keySet()),
                            String.join(", ", map.keySet())));
        }
        return value;
    }
}
