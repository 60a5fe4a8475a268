package dev.tern.rescale.strategy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tern.rescale.plan.MigrationView;
import dev.tern.rescale.plan.Move;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

class StrategyCatalogTest {

    private static final MigrationView MOVES =
            MigrationView.of(
                    IntStream.range(0, 40).mapToObj(k -> new Move(k, 0, 1)).toList(), Map.of());

    private final StrategyCatalog catalog = catalog(Map.of());

    @Test
    void offersTheBuiltInParts() {
        assertThat(catalog.strategyNames()).containsExactly("aligned", "drrs", "megaphone", "stepwise");
        assertThat(catalog.placementNames()).containsExactly("contiguous", "minimal");
    }

    @Test
    void aStrategyLeadsToItsParts() {
        assertThat(chosen("aligned").strategy().scheduler()).isEqualTo("all-at-once");
        assertThat(chosen("aligned").handover().name()).isEqualTo("aligned");
        assertThat(chosen("stepwise").strategy().scheduler()).isEqualTo("byte-budget");
        assertThat(chosen("stepwise").strategy().options()).isEqualTo(Map.of("step-size", "1 b"));
        assertThat(steps("megaphone")).isEqualTo(3);
    }

    @Test
    void aRequestSetsOptions() {
        assertThat(steps("megaphone", "units", "4")).isEqualTo(10);
        assertThat(chosen("megaphone").pause()).isZero();
        assertThat(chosen("megaphone", "pause", "200 ms").pause())
                .isEqualTo(Duration.ofMillis(200));
    }

    @Test
    void anotherSchedulerComesWithoutTheOptionsOfThePreset() {
        assertThat(steps("megaphone", "scheduler", "fluid")).isEqualTo(40);
        assertThat(chosen("stepwise", "scheduler", "matching").strategy().options()).isEmpty();
        assertThat(chosen("stepwise", "scheduler", "byte-budget").strategy().options())
                .isEqualTo(Map.of("step-size", "1 b"));
    }

    @Test
    void aRequestMayDefineAStrategy() {
        assertThat(steps("night", "scheduler", "batch", "units", "20")).isEqualTo(2);
        assertThat(steps("night", "base", "megaphone", "units", "8")).isEqualTo(5);
    }

    @Test
    void theConfigurationDefinesStrategies() {
        StrategyCatalog configured =
                catalog(
                        Map.of(
                                "a", Map.of("base", "b", "pause", "1 s"),
                                "b", Map.of("base", "megaphone", "units", "2"),
                                "c", Map.of("scheduler", "matching"),
                                "stepwise", Map.of("pause", "2 s")));
        assertThat(configured.strategyNames())
                .containsExactly("a", "aligned", "b", "c", "drrs", "megaphone", "stepwise");
        ChosenStrategy a = configured.choose("a", Map.of());
        assertThat(a.schedule(MOVES)).hasSize(20);
        assertThat(a.pause()).isEqualTo(Duration.ofSeconds(1));
        assertThat(configured.choose("stepwise", Map.of()).strategy().options())
                .isEqualTo(Map.of("pause", "2 s", "step-size", "1 b"));
    }

    @Test
    void anUnknownNameNamesTheNearestAndAllOthers() {
        assertThatThrownBy(() -> catalog.placement("minimum"))
                .hasMessage(
                        "There is no placement \"minimum\". Did you mean minimal? Known are:"
                                + " contiguous, minimal.");
        assertRefused("There is no strategy \"megafone\". Did you mean megaphone?", "megafone");
        assertRefused("no migration scheduler \"bach\". Did you mean batch?", "a", "scheduler", "bach");
        assertRefused("no strategy \"b\"", "a", "base", "b");
        assertRefused("no hand-over protocol \"x\"", "aligned", "handover", "x");
    }

    @Test
    void anUnknownOptionNamesTheNearestOne() {
        assertRefused(
                "Strategy megaphone has no option unit. Did you mean units?",
                "megaphone", "unit", "4");
        assertRefused("its scheduler all-at-once has none at all", "aligned", "pause", "1 s");
    }

    @Test
    void aValueOutOfRangeIsNamedWithItsRange() {
        assertRefused(
                "Option units of strategy megaphone is \"0\", expected: integer, 1 to 32768.",
                "megaphone", "units", "0");
        assertRefused("is \"warm\", expected: word, index, random", "megaphone", "order", "warm");
    }

    @Test
    void aKnownStrategyHasNoBase() {
        assertRefused("is known already and has no base", "aligned", "base", "megaphone");
    }

    @Test
    void definitionsThatCannotBeFollowedAreRefused() {
        assertDefinitionRefused(
                Map.of("a", Map.of("base", "b"), "b", Map.of("base", "a")), "in a circle: a, b");
        assertDefinitionRefused(Map.of("Night", Map.of("base", "aligned")), "lower case letters");
        assertDefinitionRefused(
                Map.of("a", Map.of("base", "megaphone", "unit", "1")), "has no option unit");
        assertDefinitionRefused(Map.of("a", Map.of("units", "1")), "no strategy \"a\"");
    }

    private static StrategyCatalog catalog(Map<String, Map<String, String>> definitions) {
        return StrategyCatalog.load(
                PolicySource.of(StrategyCatalogTest.class.getClassLoader()), 1, definitions);
    }

    private ChosenStrategy chosen(String name, String... options) {
        return catalog.choose(name, map(options));
    }

    private int steps(String name, String... options) {
        List<List<Move>> steps = chosen(name, options).schedule(MOVES);
        return steps.size();
    }

    private void assertRefused(String part, String name, String... options) {
        assertThatThrownBy(() -> chosen(name, options))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(part);
    }

    private static void assertDefinitionRefused(
            Map<String, Map<String, String>> definitions, String part) {
        assertThatThrownBy(() -> catalog(definitions))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(part);
    }

    private static Map<String, String> map(String... pairs) {
        Map<String, String> map = new TreeMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put(pairs[i], pairs[i + 1]);
        }
        return map;
    }
}
