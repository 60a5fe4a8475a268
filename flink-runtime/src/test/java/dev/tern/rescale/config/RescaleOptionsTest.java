package dev.tern.rescale.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.IllegalConfigurationException;
import org.apache.flink.configuration.MemorySize;

import org.junit.jupiter.api.Test;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Keys, defaults and ranges of the options. */
class RescaleOptionsTest {

    @Test
    void keysAndDefaultsAreThese() {
        Map<String, String> defaults = new TreeMap<>();
        all().forEach(option -> defaults.put(option.key(), option.defaultText()));
        assertThat(defaults)
                .containsExactly(
                        Map.entry("rescale.assert-ownership", "false"),
                        Map.entry("rescale.history-size", "20"),
                        Map.entry("rescale.max-suspension", "none"),
                        Map.entry("rescale.parallelism", "none"),
                        Map.entry("rescale.placement", "minimal"),
                        Map.entry("rescale.prepare-timeout", "10 s"),
                        Map.entry("rescale.quiesce-checkpoint-timeout", "200 ms"),
                        Map.entry("rescale.set-aside.memory", "64 mb"),
                        Map.entry("rescale.slot-timeout", "10 s"),
                        Map.entry("rescale.step-size", "24 mb"),
                        Map.entry("rescale.step-timeout", "1 min"),
                        Map.entry("rescale.strategy", "stepwise"),
                        Map.entry("rescale.transfer.by-reference", "true"),
                        Map.entry("rescale.transfer.chunk-size", "256 kb"),
                        Map.entry("rescale.transfer.credits", "8"),
                        Map.entry("rescale.transfer.port", "0"),
                        Map.entry("rescale.transfer.threads", "64"),
                        Map.entry("rescale.transfer.timeout", "30 s"),
                        Map.entry("rescale.vertex", "none"));
    }

    @Test
    void everyOptionIsCheckedAndDocumented() throws Exception {
        List<Object> declared = new ArrayList<>();
        for (Class<?> options : List.of(RescaleOptions.class, TransferOptions.class)) {
            for (Field field : options.getDeclaredFields()) {
                if (Modifier.isPublic(field.getModifiers())
                        && field.getType() == ConfigOption.class) {
                    declared.add(field.get(null));
                }
            }
        }
        List<Object> checked = new ArrayList<>();
        all().forEach(option -> checked.add(option.option()));
        assertThat(checked).containsExactlyInAnyOrderElementsOf(declared);
    }

    @Test
    void everyDefaultIsInItsRange() {
        RescaleSettings settings = RescaleSettings.from(new Configuration());
        assertThat(settings.slotTimeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(settings.quiesceCheckpointTimeout()).isEqualTo(Duration.ofMillis(200));
        assertThat(settings.prepareTimeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(settings.stepTimeout()).isEqualTo(Duration.ofSeconds(60));
        assertThat(settings.historySize()).isEqualTo(20);
        assertThat(settings.setAsideMemory()).isEqualTo(MemorySize.ofMebiBytes(64));
        assertThat(settings.transferByReference()).isTrue();
        assertThat(settings.assertOwnership()).isFalse();
        assertThat(settings.defaults().strategy()).contains("stepwise");
        assertThat(settings.defaults().placement()).contains("minimal");
        assertThat(settings.defaults().vertex()).isEmpty();
        assertThat(settings.defaults().parallelism()).isEmpty();
    }

    @Test
    void readsWhatIsConfigured() {
        Configuration configuration = new Configuration();
        configuration.setString("rescale.vertex", "Counter");
        configuration.setString("rescale.parallelism", "4");
        configuration.setString("rescale.slot-timeout", "0 s");
        configuration.setString("rescale.set-aside.memory", "1 gb");
        RescaleSettings settings = RescaleSettings.from(configuration);
        assertThat(settings.defaults().vertex()).contains("Counter");
        assertThat(settings.defaults().parallelism()).hasValue(4);
        assertThat(settings.slotTimeout()).isZero();
        assertThat(settings.setAsideMemory()).isEqualTo(MemorySize.parse("1gb"));
    }

    @Test
    void aValueOutOfRangeIsNamedWithItsRange() {
        assertRejected("rescale.history-size", "0", "rescale.history-size is 0", "1 to 1000");
        assertRejected("rescale.step-timeout", "0 ms", "rescale.step-timeout is 0 ms", "1 ms to");
        assertRejected("rescale.slot-timeout", "25 h", "rescale.slot-timeout", "0 ms to 1 d");
        assertRejected("rescale.set-aside.memory", "1 kb", "is 1 kb", "64 kb to 16 gb");
        assertRejected("rescale.parallelism", "32769", "is 32769", "1 to 32768");
        assertRejected("rescale.strategy", " ", "rescale.strategy", "name of a strategy");
    }

    @Test
    void aMalformedValueIsNamedWithItsType() {
        assertRejected("rescale.parallelism", "four", "rescale.parallelism", "integer");
        assertRejected("rescale.slot-timeout", "soon", "rescale.slot-timeout", "duration");
        assertRejected("rescale.assert-ownership", "true.", "assert-ownership", "true or false");
    }

    @Test
    void optionsOfStrategiesAreCollected() {
        Configuration configuration = new Configuration();
        configuration.setString("rescale.strategies.night.base", "megaphone");
        configuration.setString("rescale.strategies.night.units", " 4 ");
        configuration.setString("rescale.strategies.stepwise.pause", "1 s");
        assertThat(RescaleSettings.from(configuration).strategies())
                .isEqualTo(
                        Map.of(
                                "night", Map.of("base", "megaphone", "units", "4"),
                                "stepwise", Map.of("pause", "1 s")));
    }

    @Test
    void anUnknownKeyNamesTheNearestOne() {
        assertRejected("rescale.step-siez", "1mb", "unknown key rescale.step-siez", "step-size?");
        assertRejected("rescale.strategies.night", "x", "unknown key rescale.strategies.night");
        assertRejected("rescale.strategies.a.b.c", "x", "unknown key rescale.strategies.a.b.c");
    }

    private static Stream<CheckedOption<?>> all() {
        return Stream.of(RescaleOptions.REQUEST, RescaleOptions.CLUSTER, TransferOptions.ALL)
                .flatMap(List::stream);
    }

    private static void assertRejected(String key, String value, String... parts) {
        Configuration configuration = new Configuration();
        configuration.setString(key, value);
        assertThatThrownBy(() -> RescaleSettings.from(configuration))
                .isInstanceOf(IllegalConfigurationException.class)
                .hasMessageContainingAll(parts);
    }
}
