package dev.tern.examples.parameters;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The declared parameters of a job and the values given on its command line.
 *
 * <p>Parameters are given as {@code --name value} or, as Flink's own jobs allow, {@code -name
 * value}. What is not declared, not readable or out of range is refused with one sentence.
 */
public final class Parameters {

    private enum Kind {
        TEXT,
        WHOLE,
        DECIMAL,
        FLAG
    }

    private record Option(String name, Kind kind, String fallback, double least, String doc) {}

    /** Declares parameters; each may be left out if it has a default. */
    public static final class Declaration {

        private final String job;
        private final String purpose;
        private final Map<String, Option> options = new LinkedHashMap<>();

        private Declaration(String job, String purpose) {
            this.job = job;
            this.purpose = purpose;
        }

        /** A text; null as default stands for nothing given. */
        public Declaration text(String name, String fallback, String doc) {
            return add(new Option(name, Kind.TEXT, fallback, 0, doc));
        }

        /** A whole number, not below the least. */
        public Declaration whole(String name, long fallback, long least, String doc) {
            return add(new Option(name, Kind.WHOLE, Long.toString(fallback), least, doc));
        }

        /** A decimal number, not below the least. */
        public Declaration decimal(String name, double fallback, double least, String doc) {
            return add(new Option(name, Kind.DECIMAL, Double.toString(fallback), least, doc));
        }

        /** True or false; the name alone means true. */
        public Declaration flag(String name, boolean fallback, String doc) {
            return add(new Option(name, Kind.FLAG, Boolean.toString(fallback), 0, doc));
        }

        private Declaration add(Option option) {
            if (options.put(option.name(), option) != null) {
                throw new IllegalStateException("--" + option.name() + " is declared twice.");
            }
            return this;
        }

        /** Whether the arguments ask for help. */
        public boolean asksForHelp(String[] args) {
            return List.of(args).contains("--help") || List.of(args).contains("-help");
        }

        /** What the job does, its parameters and their defaults. */
        public String help() {
            StringBuilder help = new StringBuilder(job + ": " + purpose + "\n\nParameters:\n");
            for (Option option : options.values()) {
                help.append("  --").append(option.name());
                help.append(
                        option.kind() == Kind.FLAG ? " [true|false]" : " <" + unit(option) + ">");
                help.append("\n      ").append(option.doc());
                help.append(
                        option.fallback() == null
                                ? " Not set by default.\n"
                                : " Default: " + option.fallback() + ".\n");
            }
            return help.toString();
        }

        private static String unit(Option option) {
            return switch (option.kind()) {
                case TEXT -> "text";
                case WHOLE -> "n";
                case DECIMAL -> "x";
                case FLAG -> "true|false";
            };
        }

        /**
         * Reads a command line.
         *
         * @throws ParameterException if a parameter is unknown, has no value, cannot be read or is
         *     out of range
         */
        public Parameters parse(String[] args) {
            Map<String, String> values = new HashMap<>();
            List<String> left = new ArrayList<>(List.of(args));
            while (!left.isEmpty()) {
                String token = left.remove(0);
                Option option = options.get(token.replaceFirst("^--?", ""));
                if (!token.startsWith("-") || option == null) {
                    throw refused(
                            "The parameter '"
                                    + token
                                    + "' is unknown; --help lists those of "
                                    + job
                                    + ".");
                }
                values.put(option.name(), value(option, left));
            }
            return new Parameters(options, values);
        }

        private static String value(Option option, List<String> left) {
            if (option.kind() == Kind.FLAG && (left.isEmpty() || left.get(0).startsWith("-"))) {
                return "true";
            }
            if (left.isEmpty()) {
                throw refused("The parameter --" + option.name() + " needs a value.");
            }
            String value = left.remove(0);
            check(option, value);
            return value;
        }

        private static void check(Option option, String value) {
            switch (option.kind()) {
                case TEXT -> {
                    return;
                }
                case FLAG -> {
                    if (!value.equals("true") && !value.equals("false")) {
                        throw notReadable(option, value, "true or false");
                    }
                }
                case WHOLE -> {
                    try {
                        if (Long.parseLong(value) >= (long) option.least()) {
                            return;
                        }
                    } catch (NumberFormatException e) {
                        // Refused below, like a number that is too small.
                    }
                    throw notReadable(
                            option, value, "a whole number from " + (long) option.least());
                }
                case DECIMAL -> {
                    try {
                        if (Double.parseDouble(value) >= option.least()) {
                            return;
                        }
                    } catch (NumberFormatException e) {
                        // Refused below, like a number that is too small.
                    }
                    throw notReadable(option, value, "a number from " + option.least());
                }
            }
        }

        private static ParameterException notReadable(
                Option option, String value, String expected) {
            return refused(
                    "The parameter --"
                            + option.name()
                            + " must be "
                            + expected
                            + ", got '"
                            + value
                            + "'.");
        }
    }

    private final Map<String, Option> options;
    private final Map<String, String> values;

    private Parameters(Map<String, Option> options, Map<String, String> values) {
        this.options = options;
        this.values = values;
    }

    /** Starts the declaration of a job's parameters. */
    public static Declaration of(String job, String purpose) {
        return new Declaration(job, purpose);
    }

    /** The refusal of a parameter, or of a combination, for a reason in one sentence. */
    public static ParameterException refused(String sentence) {
        return new ParameterException(sentence);
    }

    /** Whether the command line gave the parameter. */
    public boolean isGiven(String name) {
        option(name);
        return values.containsKey(name);
    }

    /** The value of a text; null if there is neither a value nor a default. */
    public String text(String name) {
        return values.getOrDefault(name, option(name).fallback());
    }

    public long whole(String name) {
        return Long.parseLong(text(name));
    }

    /** The value of a whole number that counts subtasks, bytes per key and the like. */
    public int count(String name) {
        long value = whole(name);
        if (value > Integer.MAX_VALUE) {
            throw refused(
                    "The parameter --"
                            + name
                            + " must be at most "
                            + Integer.MAX_VALUE
                            + ", got '"
                            + value
                            + "'.");
        }
        return (int) value;
    }

    public double decimal(String name) {
        return Double.parseDouble(text(name));
    }

    public boolean flag(String name) {
        return Boolean.parseBoolean(text(name));
    }

    private Option option(String name) {
        Option option = options.get(name);
        if (option == null) {
            throw new IllegalArgumentException("--" + name + " is not declared.");
        }
        return option;
    }
}
