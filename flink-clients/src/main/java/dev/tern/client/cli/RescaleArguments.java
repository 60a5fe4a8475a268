package dev.tern.client.cli;

import org.apache.flink.api.common.JobID;
import org.apache.flink.client.cli.CliArgsException;

import dev.tern.rescale.request.RescaleDefaults;
import dev.tern.rescale.request.RescaleRequest;

import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;

import javax.annotation.Nullable;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A checked command line of {@code flink rescale}.
 *
 * @param jobId the job
 * @param request what to ask for; what is left out is not filled in yet
 * @param view what to show
 * @param await whether to wait until the rescale is over
 * @param json whether to print JSON
 */
record RescaleArguments(
        JobID jobId, RescaleRequest request, View view, boolean await, boolean json) {

    /** What the user wants to see. */
    enum View {
        /** The rescale that is asked for. */
        RESCALE,
        /** What the rescale would do. */
        DRY_RUN,
        /** What could be rescaled. */
        CHECK,
        /** The current or last rescale. */
        STATUS,
        /** The end of the current rescale, which is to stop. */
        ABORT
    }

    private static final String USAGE =
            "Usage: flink rescale <jobId> [-v <vertex>] [-p <N>]; `flink rescale --help` says"
                    + " more.";

    /**
     * Reads a command line.
     *
     * @throws CliArgsException with a sentence that says what is wrong and what to do
     */
    static RescaleArguments parse(CommandLine line) throws CliArgsException {
        JobID jobId = jobId(line.getArgList());
        boolean dryRun = has(line, RescaleOption.DRY_RUN);
        boolean status = has(line, RescaleOption.STATUS);
        boolean wait = has(line, RescaleOption.WAIT);
        boolean abort = has(line, RescaleOption.ABORT);
        boolean check = has(line, RescaleOption.CHECK);
        if (status && abort) {
            throw new CliArgsException(
                    "--status only looks and --abort stops a rescale. Leave one of them out.");
        }
        if (status) {
            requireAlone(line, RescaleOption.STATUS, "--status only looks");
        }
        if (check) {
            requireAlone(line, RescaleOption.CHECK, "--check only looks");
        }
        if (abort) {
            requireAlone(
                    line,
                    RescaleOption.ABORT,
                    "--abort only stops a rescale and waits for its end");
        }
        if (has(line, RescaleOption.ENTRY_CLASS) || has(line, RescaleOption.CLASS_PATH)) {
            throw new CliArgsException(
                    "-c and -C are for a program that --check looks at: flink rescale --check -c"
                            + " <class name> <jar-file>.");
        }
        if (dryRun && wait) {
            throw new CliArgsException(
                    "--dry-run starts nothing that --wait could wait for. Leave one of them out.");
        }
        RescaleRequest request =
                RescaleRequest.of(
                                text(line, RescaleOption.VERTEX),
                                parallelism(line),
                                text(line, RescaleOption.STRATEGY),
                                text(line, RescaleOption.PLACEMENT),
                                dryRun,
                                has(line, RescaleOption.ALLOW_RESTART))
                        .withOptions(strategyOptions(line));
        View view =
                status
                        ? View.STATUS
                        : check
                                ? View.CHECK
                                : abort ? View.ABORT : dryRun ? View.DRY_RUN : View.RESCALE;
        return new RescaleArguments(jobId, request, view, wait, has(line, RescaleOption.JSON));
    }

    /** The same, with these values for what the command line leaves out. */
    RescaleArguments withDefaults(RescaleDefaults defaults) {
        return new RescaleArguments(jobId, request.withDefaults(defaults), view, await, json);
    }

    static boolean wantsHelp(CommandLine line) {
        return has(line, RescaleOption.HELP);
    }

    private static JobID jobId(List<String> positional) throws CliArgsException {
        if (positional.isEmpty()) {
            throw new CliArgsException(
                    "The job id is missing. `flink list` shows the ids of running jobs. " + USAGE);
        }
        if (positional.get(0).endsWith(".jar")) {
            throw new CliArgsException(
                    String.format(
                            "\"%s\" is not a job id. A jar comes behind --check, and behind the jar"
                                    + " what its program gets: flink rescale --check [OPTIONS]"
                                    + " <jar-file> <arguments>.",
                            positional.get(0)));
        }
        if (positional.size() > 1) {
            throw new CliArgsException(
                    String.format(
                            "\"%s\" was not expected after the job id. %s",
                            positional.get(1), USAGE));
        }
        try {
            return JobID.fromHexString(positional.get(0));
        } catch (IllegalArgumentException e) {
            throw new CliArgsException(
                    String.format(
                            "\"%s\" is not a job id: expected 32 hexadecimal digits, as `flink"
                                    + " list` shows them.",
                            positional.get(0)),
                    e);
        }
    }

    @Nullable
    static Integer parallelism(CommandLine line) throws CliArgsException {
        String text = text(line, RescaleOption.PARALLELISM);
        if (text == null) {
            return null;
        }
        try {
            int parallelism = Integer.parseInt(text);
            if (parallelism >= 1) {
                return parallelism;
            }
        } catch (NumberFormatException e) {
            // Said below, for this and for numbers that are too small.
        }
        throw new CliArgsException(
                String.format(
                        "-p is \"%s\": expected a number of subtasks of at least 1, for example"
                                + " -p 4.",
                        text));
    }

    private static Map<String, String> strategyOptions(CommandLine line) throws CliArgsException {
        Map<String, String> options = new TreeMap<>();
        if (has(line, RescaleOption.STRATEGY_OPTION)) {
            for (String option : line.getOptionValues(RescaleOption.STRATEGY_OPTION.getLongOpt())) {
                String[] parts = option.split("=", 2);
                if (parts.length < 2 || parts[0].isBlank() || parts[1].isBlank()) {
                    throw new CliArgsException(
                            String.format(
                                    "--option is \"%s\": expected <key>=<value>, for example"
                                            + " --option units=8.",
                                    option));
                }
                if (options.put(parts[0].trim(), parts[1].trim()) != null) {
                    throw new CliArgsException(
                            String.format(
                                    "--option %s was given twice. Leave one of them out.",
                                    parts[0].trim()));
                }
            }
        }
        return options;
    }

    @Nullable
    private static String text(CommandLine line, Option option) throws CliArgsException {
        if (!has(line, option)) {
            return null;
        }
        String value = line.getOptionValue(option.getLongOpt()).trim();
        if (value.isEmpty()) {
            throw new CliArgsException(
                    String.format(
                            "--%s has no value: expected <%s>.",
                            option.getLongOpt(), option.getArgName()));
        }
        return value;
    }

    private static void requireAlone(CommandLine line, Option alone, String what)
            throws CliArgsException {
        requireOnly(line, Set.of(alone), what);
    }

    /** Refuses everything that says what to rescale, or what else to show. */
    static void requireOnly(CommandLine line, Set<Option> allowed, String what)
            throws CliArgsException {
        for (Option option :
                List.of(
                        RescaleOption.VERTEX,
                        RescaleOption.PARALLELISM,
                        RescaleOption.STRATEGY,
                        RescaleOption.STRATEGY_OPTION,
                        RescaleOption.PLACEMENT,
                        RescaleOption.DRY_RUN,
                        RescaleOption.CHECK,
                        RescaleOption.STATUS,
                        RescaleOption.ABORT,
                        RescaleOption.WAIT,
                        RescaleOption.ALLOW_RESTART)) {
            if (!allowed.contains(option) && has(line, option)) {
                throw new CliArgsException(
                        String.format(
                                "%s, so --%s has no meaning with it. Leave one of them out.",
                                what, option.getLongOpt()));
            }
        }
    }

    static boolean has(CommandLine line, Option option) {
        return line.hasOption(option.getLongOpt());
    }
}
