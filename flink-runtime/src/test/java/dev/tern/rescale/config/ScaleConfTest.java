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
