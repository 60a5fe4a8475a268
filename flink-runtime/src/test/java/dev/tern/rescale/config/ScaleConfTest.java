package dev.tern.rescale.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.flink.configuration.IllegalConfigurationException;

import dev.tern.rescale.request.RescaleDefaults;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What conf/scale-conf.properties may say. */
class ScaleConfTest {

    @TempDir private Path confDir;

    @Test
    void noFileMeansNoDefaults() {
        assertThat(ScaleConf.load(confDir)).isEqualTo(RescaleDefaults.NONE);
    }

    @Test
    void readsEveryKey() throws Exception {
        RescaleDefaults defaults =
                load(
                        "# a comment",
                        "rescale.vertex = Counter -> Sink: out",
                        "rescale.parallelism= 4 ",
                        "rescale.strategy=aligned",
                        "rescale.placement=contiguous");
        assertThat(defaults.vertex()).contains("Counter -> Sink: out");
        assertThat(defaults.parallelism()).hasValue(4);
        assertThat(defaults.strategy()).contains("aligned");
        assertThat(defaults.placement()).contains("contiguous");
    }

    @Test
    void aKeyWithoutAValueIsLeftOut() throws Exception {
        assertThat(load("rescale.vertex=", "rescale.strategy=")).isEqualTo(RescaleDefaults.NONE);
    }

    @Test
    void strategiesAreDefined() throws Exception {
        RescaleDefaults defaults =
                load(
                        "rescale.strategy=night",
                        "rescale.strategies.night.scheduler=batch",
                        "rescale.strategies.night.units=4",
                        "rescale.strategies.night.pause=");
        assertThat(defaults.strategies())
                .isEqualTo(Map.of("night", Map.of("scheduler", "batch", "units", "4")));
        assertRejected("rescale.strategies.night=batch", "unknown key rescale.strategies.night");
    }

    @Test
    void keysOfEarlierSystemsMeanTheSame() throws Exception {
        RescaleDefaults defaults =
                load("rescale.task.name=FlatMap-Counter", "megaphone.fluid-group-size=3");
        assertThat(defaults.vertex()).contains("FlatMap-Counter");
        assertThat(defaults.strategies()).isEqualTo(Map.of("megaphone", Map.of("units", "3")));
        for (String[] lines :
                new String[][] {
                    {"rescale.task.name=a", "rescale.vertex=b"},
                    {"rescale.vertex=b", "rescale.task.name=a"}
                }) {
            assertThatThrownBy(() -> load(lines))
                    .hasMessageContaining("rescale.vertex and rescale.task.name mean the same");
        }
    }

    @Test
    void anUnknownKeyNamesTheNearestOne() {
        assertRejected("rescale.paralellism=4", "rescale.paralellism", "rescale.parallelism?");
        assertRejected("vertex=Counter", "unknown key vertex", "rescale.vertex?");
    }

    @Test
    void anOptionOfTheClusterIsSentToItsFile() {
        assertRejected("rescale.slot-timeout=5 s", "rescale.slot-timeout", "config.yaml");
    }

    @Test
    void aMalformedValueNamesFileKeyValueAndWhatIsExpected() {
        assertRejected(
                "rescale.parallelism=many", "rescale.parallelism", "\"many\"", "1 to 32768");
        assertRejected("rescale.parallelism=0", "rescale.parallelism", "\"0\"", "1 to 32768");
    }

    @Test
    void aBrokenFileIsNamed() {
        assertRejected("rescale.vertex=\\u00zz", "cannot be read");
    }

    private RescaleDefaults load(String... lines) throws Exception {
        Files.write(confDir.resolve(ScaleConf.FILE_NAME), List.of(lines));
        return ScaleConf.load(confDir);
    }

    private void assertRejected(String line, String... parts) {
        assertThatThrownBy(() -> load(line))
                .isInstanceOf(IllegalConfigurationException.class)
                .hasMessageContaining(confDir.resolve(ScaleConf.FILE_NAME).toString())
                .hasMessageContainingAll(parts);
    }
}
