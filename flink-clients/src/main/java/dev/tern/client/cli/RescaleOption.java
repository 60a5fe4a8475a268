package dev.tern.client.cli;

import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;

/** The options of {@code flink rescale}. */
final class RescaleOption {

    static final Option HELP =
            new Option("h", "help", false, "Show this help.");
    static final Option VERTEX =
            valued(
                    "v",
                    "vertex",
                    "id or name",
                    "Vertex to rescale: its id, its name, or the name of one operator in it."
                            + " Default: the only vertex that can be rescaled.");
    static final Option PARALLELISM =
            valued(
                    "p",
                    "parallelism",
                    "N",
                    "Number of subtasks to rescale to. With --check and a jar: where the program"
                            + " sets none.");
    static final Option STRATEGY =
            valued(
                    "s",
                    "strategy",
                    "name",
                    "How key groups move to their new owner: stepwise, aligned, megaphone, drrs,"
                            + " restart, or one of the configuration.");
    static final Option STRATEGY_OPTION =
            valued(
                    null,
                    "option",
                    "key=value",
                    "An option of the strategy, for example units=8 or pause=100ms; may be given"
                            + " several times. scheduler=<name> takes another scheduler:"
                            + " all-at-once, byte-budget, fluid, batch, matching or pairs.");
    static final Option PLACEMENT =
            valued(
                    null,
                    "placement",
                    "name",
                    "Who gets which key group: minimal moves as little as possible, contiguous"
                            + " gives the ranges a restart would give.");
    static final Option DRY_RUN =
            new Option(null, "dry-run", false, "Show what would move, and change nothing.");
    static final Option CHECK =
            new Option(
                    null,
                    "check",
                    false,
                    "Show which vertices of the job can be rescaled while it runs, and why not the"
                            + " others. With a jar instead of a job id: of the job of its program,"
                            + " with the lines to change; it is not submitted.");
    static final Option ENTRY_CLASS =
            valued(
                    "c",
                    "class",
                    "class name",
                    "With --check and a jar: the class with the main method, if the manifest of the"
                            + " jar does not name it.");
    static final Option CLASS_PATH =
            valued(
                    "C",
                    "classpath",
                    "url",
                    "With --check and a jar: where its class loader looks as well; may be given"
                            + " several times.");
    static final Option WAIT =
            new Option(
                    null,
                    "wait",
                    false,
                    "Show progress until the rescale is over; the exit code tells whether it"
                            + " completed.");
    static final Option STATUS =
            new Option(null, "status", false, "Show the current or last rescale of the job.");
    static final Option ABORT =
            new Option(
                    null,
                    "abort",
                    false,
                    "Stop the rescale that is going on: undone if nothing has moved yet, else"
                            + " after the present step.");
    static final Option JSON = new Option(null, "json", false, "Print JSON.");
    static final Option ALLOW_RESTART =
            new Option(
                    null,
                    "allow-restart",
                    false,
                    "Restart the job from its last checkpoint if it cannot be rescaled while it"
                            + " runs.");

    private RescaleOption() {}

    /** All options, without the generic ones every action has. */
    static Options all() {
        Options options = new Options();
        for (Option option :
                new Option[] {
                    HELP, VERTEX, PARALLELISM, STRATEGY, STRATEGY_OPTION, PLACEMENT, DRY_RUN, CHECK,
                    ENTRY_CLASS, CLASS_PATH, WAIT, STATUS, ABORT, JSON, ALLOW_RESTART
                }) {
            options.addOption(option);
        }
        return options;
    }

    private static Option valued(String opt, String longOpt, String argName, String description) {
        Option option = new Option(opt, longOpt, true, description);
        option.setArgName(argName);
        return option;
    }
}
