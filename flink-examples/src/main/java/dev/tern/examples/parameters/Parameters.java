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
        private final Map<String, String> others = new LinkedHashMap<>();

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

        /** A second name of a declared parameter, for instance the one a paper's job gives it. */
        public Declaration also(String other, String name) {
            if (!options.containsKey(name)) {
                throw new IllegalStateException("--" + name + " is not declared.");
            }
            if (options.containsKey(other) || others.put(other, name) != null) {
                throw new IllegalStateException("--" + other + " is declared twice.");
            }
            return this;
        }

        /** Another default for a declared parameter. */
        public Declaration byDefault(String name, String fallback) {
            Option option = options.get(name);
            options.put(
                    name,
                    new Option(name, option.kind(), fallback, option.least(), option.doc()));
            return this;
        }

        private Declaration add(Option option) {
            if (others.containsKey(option.name())
                    || options.put(option.name(), option) != null) {
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
                help.append(otherNames(option));
                help.append("\n      ").append(option.doc());
                help.append(
                        option.fallback() == null
                                ? " Not set by default.\n"
                                : " Default: " + option.fallback() + ".\n");
            }
            return help.toString();
        }

        private String otherNames(Option option) {
            List<String> names = new ArrayList<>();
            others.forEach(
                    (other, name) -> {
                        if (name.equals(option.name())) {
                            names.add("--" + other);
                        }
                    });
            return names.isEmpty() ? "" : " (or " + String.join(", ", names) + ")";
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
                String name = token.replaceFirst("^--?", "");
                Option option = options.get(others.getOrDefault(name, name));
                if (!token.startsWith("-") || option == null) {
                    throw unknown(token, name);
                }
                values.put(option.name(), value(name, option, left));
            }
            return new Parameters(options, others, values);
        }

        private ParameterException unknown(String token, String name) {
            List<String> names = new ArrayList<>(options.keySet());
            names.addAll(others.keySet());
            return refused(
                    "The parameter '"
                            + token
                            + "' is unknown; "
                            + Nearest.to(name, names)
                                    .map(near -> "did you mean --" + near + "? ")
                                    .orElse("")
                            + "--help lists those of "
                            + job
                            + ".");
        }

        private static String value(String name, Option option, List<String> left) {
            if (option.kind() == Kind.FLAG && (left.isEmpty() || left.get(0).startsWith("-"))) {
                return "true";
            }
            if (left.isEmpty()) {
                throw refused("The parameter --" + name + " needs a value.");
            }
            String value = left.remove(0);
            check(name, option, value);
            return value;
        }

        private static void check(String name, Option option, String value) {
            switch (option.kind()) {
                case TEXT -> {
                    return;
                }
                case FLAG -> {
                    if (!value.equals("true") && !value.equals("false")) {
                        throw notReadable(name, value, "true or false");
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
                            name, value, "a whole number from " + (long) option.least());
                }
                case DECIMAL -> {
                    try {
                        if (Double.parseDouble(value) >= option.least()) {
                            return;
                        }
                    } catch (NumberFormatException e) {
                        // Refused below, like a number that is too small.
                    }
                    throw notReadable(name, value, "a number from " + option.least());
                }
            }
        }

        private static ParameterException notReadable(
                String name, String value, String expected) {
            return refused(
                    "The parameter --"
                            + name
                            + " must be "
                            + expected
                            + ", got '"
                            + value
                            + "'.");
        }
    }

    private final Map<String, Option> options;
    private final Map<String, String> others;
    private final Map<String, String> values;

    private Parameters(
            Map<String, Option> options, Map<String, String> others, Map<String, String> values) {
        this.options = options;
        this.others = others;
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

    /** Whether the job has such a parameter. */
    public boolean isDeclared(String name) {
        return options.containsKey(others.getOrDefault(name, name));
    }

    /** Whether the command line gave the parameter. */
    public boolean isGiven(String name) {
        return values.containsKey(option(name).name());
    }

    /** The value of a text; null if there is neither a value nor a default. */
    public String text(String name) {
        Option option = option(name);
        return values.getOrDefault(option.name(), option.fallback());
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
        Option option = options.get(others.getOrDefault(name, name));
        if (option == null) {
            throw new IllegalArgumentException("--" + name + " is not declared.");
        }
        return option;
    }
}
