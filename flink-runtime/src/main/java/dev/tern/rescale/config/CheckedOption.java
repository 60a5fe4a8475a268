package dev.tern.rescale.config;

import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.IllegalConfigurationException;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.util.TimeUtils;

import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * A configuration option with the range its value has to be in.
 *
 * @param option key, type, default and description
 * @param type the type with its unit, for the documentation
 * @param range what is allowed, for the documentation and for error messages
 * @param allowed tells whether a value is in the range
 * @param <T> type of the value
 */
public record CheckedOption<T>(
        ConfigOption<T> option, String type, String range, Predicate<T> allowed) {

    public CheckedOption {
        Objects.requireNonNull(option, "option");
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(range, "range");
        Objects.requireNonNull(allowed, "allowed");
    }

    /** A span of time between two others. */
    public static CheckedOption<Duration> duration(
            ConfigOption<Duration> option, Duration min, Duration max) {
        return new CheckedOption<>(
                option,
                "duration",
                String.format("%s to %s", text(min), text(max)),
                value -> value.compareTo(min) >= 0 && value.compareTo(max) <= 0);
    }

    /** A number of bytes between two others. */
    public static CheckedOption<MemorySize> memory(
            ConfigOption<MemorySize> option, String min, String max) {
        MemorySize least = MemorySize.parse(min);
        MemorySize most = MemorySize.parse(max);
        return new CheckedOption<>(
                option,
                "memory size",
                String.format("%s to %s", min, max),
                value -> value.compareTo(least) >= 0 && value.compareTo(most) <= 0);
    }

    /** A whole number between two others. */
    public static CheckedOption<Integer> integer(ConfigOption<Integer> option, int min, int max) {
        return new CheckedOption<>(
                option,
                "integer",
                String.format("%d to %d", min, max),
                value -> value >= min && value <= max);
    }

    /** True or false. */
    public static CheckedOption<Boolean> flag(ConfigOption<Boolean> option) {
        return new CheckedOption<>(option, "boolean", "true or false", value -> true);
    }

    /** One of some words. */
    public static <E extends Enum<E>> CheckedOption<E> choice(ConfigOption<E> option) {
        return new CheckedOption<>(
                option,
                "word",
                Arrays.stream(option.defaultValue().getDeclaringClass().getEnumConstants())
                        .map(Object::toString)
                        .collect(Collectors.joining(", ")),
                value -> true);
    }

    /** A text that is not blank. */
    public static CheckedOption<String> text(ConfigOption<String> option, String range) {
        return new CheckedOption<>(option, "string", range, value -> !value.isBlank());
    }

    /** The key of the option. */
    public String key() {
        return option.key();
    }

    /** The default as one would write it, or "none". */
    public String defaultText() {
        return option.hasDefaultValue() ? text(option.defaultValue()) : "none";
    }

    /**
     * The value, or the default.
     *
     * @throws IllegalConfigurationException if it is malformed or out of range
     */
    public T read(ReadableConfig configuration) {
        return readOptional(configuration).orElseGet(option::defaultValue);
    }

    /**
     * The value, if one is set.
     *
     * @throws IllegalConfigurationException if it is malformed or out of range
     */
    public Optional<T> readOptional(ReadableConfig configuration) {
        Optional<T> value;
        try {
            value = configuration.getOptional(option);
        } catch (IllegalArgumentException e) {
            throw new IllegalConfigurationException(
                    String.format(
                            "The value of %s cannot be read: expected %s, %s.", key(), type, range),
                    e);
        }
        value.filter(allowed.negate())
                .ifPresent(
                        bad -> {
                            throw new IllegalConfigurationException(
                                    String.format(
                                            "%s is %s: expected %s.", key(), text(bad), range));
                        });
        return value;
    }

    private static String text(Object value) {
        if (value instanceof Duration duration) {
            return TimeUtils.formatWithHighestUnit(duration);
        }
        if (value instanceof MemorySize size) {
            return text(size);
        }
        return String.valueOf(value);
    }

    private static String text(MemorySize size) {
        long bytes = size.getBytes();
        if (bytes > 0 && bytes % (1L << 20) == 0) {
            return (bytes >> 20) + " mb";
        }
        if (bytes > 0 && bytes % (1L << 10) == 0) {
            return (bytes >> 10) + " kb";
        }
        return bytes + " bytes";
    }
}
