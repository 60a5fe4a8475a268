package dev.tern.processes;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.JobManagerOptions.SchedulerType;

import dev.tern.rescale.config.CheckedOption;
import dev.tern.rescale.config.RescaleOptions;
import dev.tern.rescale.config.ScaleConf;
import dev.tern.rescale.config.TransferOptions;
import dev.tern.rescale.request.RescaleDefaults;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What {@code conf/} of the distribution sets, and what its comments claim to be the defaults. */
class ShippedConfigurationITCase {

    @TempDir private Path directory;

    @Test
    void adaptiveSchedulerIsTheDefault() throws Exception {
        Configuration shipped =
                GlobalConfiguration.loadConfiguration(
                        Distribution.directory().resolve("conf").toString());

        assertThat(shipped.get(JobManagerOptions.SCHEDULER)).isEqualTo(SchedulerType.Adaptive);
    }

    @Test
    void commentedKeysOfConfigYamlExistAndShowTheirDefaults() throws Exception {
        List<String> commented =
                lines("config.yaml")
                        .dropWhile(line -> !line.equals("# rescale:"))
                        .takeWhile(line -> line.startsWith("# "))
                        .map(line -> line.substring(2))
                        .toList();
        Files.write(directory.resolve("config.yaml"), commented);
        Configuration uncommented = GlobalConfiguration.loadConfiguration(directory.toString());

        Map<String, CheckedOption<?>> known =
                Stream.of(
                                RescaleOptions.REQUEST,
                                RescaleOptions.CLUSTER,
                                TransferOptions.ALL)
                        .flatMap(List::stream)
                        .collect(Collectors.toMap(CheckedOption::key, option -> option));
        assertThat(uncommented.keySet()).isNotEmpty().isSubsetOf(known.keySet());
        for (String key : uncommented.keySet()) {
            assertThat(known.get(key).read(uncommented))
                    .as(key)
                    .isEqualTo(known.get(key).read(new Configuration()));
        }
    }

    @Test
    void scaleConfSetsNothingUntilItIsEdited() throws Exception {
        assertThat(ScaleConf.load(Distribution.directory().resolve("conf")))
                .isEqualTo(RescaleDefaults.NONE);
    }

    @Test
    void commentedKeysOfScaleConfAreAllThatItKnows() throws Exception {
        Properties uncommented = new Properties();
        lines("scale-conf.properties")
                .filter(line -> line.startsWith("#rescale."))
                .map(line -> line.substring(1).split("=", -1))
                .forEach(pair -> uncommented.setProperty(pair[0], pair[1]));

        assertThat(uncommented.stringPropertyNames())
                .containsExactlyInAnyOrderElementsOf(
                        RescaleOptions.REQUEST.stream().map(CheckedOption::key).toList());
        uncommented.values().removeIf(value -> value.toString().isEmpty());
        uncommented.forEach(
                (key, value) ->
                        assertThat(defaultOf(key.toString())).isEqualTo(value.toString()));
    }

    private static String defaultOf(String key) {
        return RescaleOptions.REQUEST.stream()
                .filter(option -> option.key().equals(key))
                .map(CheckedOption::defaultText)
                .collect(Collectors.joining());
    }

    private static Stream<String> lines(String file) throws IOException {
        return Files.readAllLines(Distribution.directory().resolve("conf").resolve(file)).stream();
    }
}
