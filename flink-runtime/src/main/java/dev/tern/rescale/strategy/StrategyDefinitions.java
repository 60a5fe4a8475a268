package dev.tern.rescale.strategy;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Makes strategies of their definitions, in whatever order these refer to each other. */
final class StrategyDefinitions {

    private static final Pattern NAME = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");

    private final Map<String, Strategy> known;
    private final Map<String, Map<String, String>> definitions;
    private final Set<String> entering = new LinkedHashSet<>();

    /**
     * @param known the built-in strategies; those that are defined are put there
     */
    StrategyDefinitions(
            Map<String, Strategy> known, Map<String, Map<String, String>> definitions) {
        this.known = known;
        this.definitions = new TreeMap<>(definitions);
    }

    void enter() {
        while (!definitions.isEmpty()) {
            enter(definitions.keySet().iterator().next());
        }
    }

    private void enter(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    String.format(
                            "\"%s\" cannot be the name of a strategy: expected lower case letters,"
                                    + " digits and hyphens.",
                            name));
        }
        if (!entering.add(name)) {
            throw new IllegalArgumentException(
                    String.format(
                            "The bases of strategies go round in a circle: %s.",
                            String.join(", ", entering)));
        }
        String base = definitions.get(name).get(Strategy.BASE);
        if (base != null && definitions.containsKey(base)) {
            enter(base);
        }
        known.put(name, apply(known, name, definitions.remove(name)));
        entering.remove(name);
    }

    /** A known strategy with other values, or a new one that the values define. */
    static Strategy apply(Map<String, Strategy> known, String name, Map<String, String> values) {
        Map<String, String> further = new TreeMap<>(values);
        String base = further.remove(Strategy.BASE);
        if (known.containsKey(name)) {
            if (base != null) {
                throw new IllegalArgumentException(
                        String.format(
                                "Strategy %s is known already and has no base; give the new one"
                                        + " another name.",
                                name));
            }
            return known.get(name).with(name, further);
        }
        if (base != null) {
            return StrategyCatalog.get(known, base, "strategy").with(name, further);
        }
        if (further.containsKey(Strategy.SCHEDULER)) {
            return new Strategy(name, further.get(Strategy.SCHEDULER), AlignedHandover.NAME)
                    .with(name, further);
        }
        return StrategyCatalog.get(known, name, "strategy");
    }
}
