package dev.tern.rescale.config;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Which keys there are below {@code rescale}, and those of strategies among them. */
final class RescaleKeys {

    /**
     * {@code rescale.strategies.<name>.<option>} sets an option of a strategy, or defines it. Which
     * options there are depends on the strategy, so they are checked where it is known.
     */
    static final String STRATEGIES = "rescale.strategies.";

    private static final String ALL = "rescale.";

    private RescaleKeys() {}

    /** The first key, in alphabetical order, that nobody reads. */
    static Optional<String> firstUnknown(Collection<String> keys) {
        List<String> known = known();
        return keys.stream()
                .filter(key -> key.startsWith(ALL))
                .filter(key -> !known.contains(key) && !isOfStrategy(key))
                .sorted()
                .findFirst();
    }

    static boolean isOfStrategy(String key) {
        return key.startsWith(STRATEGIES)
                && key.substring(STRATEGIES.length()).matches("[^.]+\\.[^.]+");
    }

    static String nearest(String key) {
        return NearestWord.to(key, known());
    }

    /** Options of strategies by the name of the strategy; one without a value is left out. */
    static Map<String, Map<String, String>> strategies(Map<String, String> values) {
        Map<String, Map<String, String>> strategies = new TreeMap<>();
        values.forEach(
                (key, value) -> {
                    if (isOfStrategy(key) && !value.isBlank()) {
                        String[] parts = key.substring(STRATEGIES.length()).split("\\.");
                        strategies
                                .computeIfAbsent(parts[0], name -> new TreeMap<>())
                                .put(parts[1], value.trim());
                    }
                });
        return strategies;
    }

    private static List<String> known() {
        return Stream.of(RescaleOptions.REQUEST, RescaleOptions.CLUSTER, TransferOptions.ALL)
                .flatMap(List::stream)
                .map(CheckedOption::key)
                .toList();
    }
}
