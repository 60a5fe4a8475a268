package dev.tern.rescale.config;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.IllegalConfigurationException;

import dev.tern.rescale.request.RescaleDefaults;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * {@code conf/scale-conf.properties}: what {@code flink rescale} takes for the parts of a request
 * that are left out on the command line. Its keys are those of {@link RescaleOptions#REQUEST} and {@code
 * rescale.strategies.<name>.<option>}, and some of earlier systems; a key without a value counts as
 * left out.
 */
public final class ScaleConf {

    /** Name of the file in the configuration directory. */
    public static final String FILE_NAME = "scale-conf.properties";

    /** Keys of earlier systems that mean the same as one of ours. */
    static final Map<String, String> ALIASES =
            Map.of(
                    "rescale.task.name",
                    RescaleOptions.VERTEX.key(),
                    "megaphone.fluid-group-size",
                    RescaleKeys.STRATEGIES + "megaphone.units");

    private ScaleConf() {}

    /**
     * Reads the file.
     *
     * @param confDir the configuration directory
     * @return what it says; nothing if there is no such file
     * @throws IllegalConfigurationException if the file cannot be read, has an unknown key or a
     *     malformed value; the message names file, key, value and what is expected
     */
    public static RescaleDefaults load(Path confDir) {
        Path file = confDir.resolve(FILE_NAME);
        if (!Files.exists(file)) {
            return RescaleDefaults.NONE;
        }
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            properties.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            throw new IllegalConfigurationException(
                    String.format("%s cannot be read: %s", file, e.getMessage()), e);
        }
        return parse(file, properties);
    }

    static RescaleDefaults parse(Path file, Properties properties) {
        Configuration values = new Configuration();
        for (String written : new TreeSet<>(properties.stringPropertyNames())) {
            String key = ALIASES.getOrDefault(written, written);
            requireKnown(file, key);
            String value = properties.getProperty(written).trim();
            if (values.containsKey(key)) {
                throw new IllegalConfigurationException(
                        String.format(
                                "%s: %s and %s mean the same. Leave one of them out.",
                                file, key, written.equals(key) ? aliasOf(key) : written));
            }
            if (!value.isEmpty()) {
                values.setString(key, value);
            }
        }
        Optional<Integer> parallelism =
                read(file, RescaleOptions.CHECKED_PARALLELISM, values);
        return new RescaleDefaults(
                read(file, RescaleOptions.CHECKED_VERTEX, values),
                parallelism.map(OptionalInt::of).orElseGet(OptionalInt::empty),
                read(file, RescaleOptions.CHECKED_STRATEGY, values),
                read(file, RescaleOptions.CHECKED_PLACEMENT, values),
                RescaleKeys.strategies(values.toMap()));
    }

    private static String aliasOf(String key) {
        return ALIASES.entrySet().stream()
                .filter(alias -> alias.getValue().equals(key))
                .findFirst()
                .orElseThrow()
                .getKey();
    }

    private static <T> Optional<T> read(
            Path file, CheckedOption<T> option, Configuration values) {
        try {
            return option.readOptional(values);
        } catch (IllegalConfigurationException e) {
            throw new IllegalConfigurationException(
                    String.format(
                            "%s: %s is \"%s\", expected: %s, %s.",
                            file,
                            option.key(),
                            values.toMap().get(option.key()),
                            option.type(),
                            option.range()),
                    e);
        }
    }

    private static void requireKnown(Path file, String key) {
        List<String> known = keys(RescaleOptions.REQUEST);
        if (known.contains(key) || RescaleKeys.isOfStrategy(key)) {
            return;
        }
        if (keys(RescaleOptions.CLUSTER).contains(key)
                || keys(TransferOptions.ALL).contains(key)) {
            throw new IllegalConfigurationException(
                    String.format(
                            "%s: %s is an option of the cluster. Set it in config.yaml; this file"
                                    + " holds only what a request may leave out: %s.",
                            file, key, String.join(", ", known)));
        }
        throw new IllegalConfigurationException(
                String.format(
                        "%s: unknown key %s. Did you mean %s? Known are: %s.",
                        file, key, NearestWord.to(key, known), String.join(", ", known)));
    }

    private static List<String> keys(List<CheckedOption<?>> options) {
        return options.stream().map(CheckedOption::key).collect(Collectors.toList());
    }
}
