package dev.tern.experiments;

import dev.tern.experiments.command.RunCommand;
import dev.tern.experiments.command.QuickstartCommand;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Entry point of {@code experiments/run.sh} and {@code quickstart.sh}. */
@Command(
        name = "tern-experiments",
        description = "Measures live rescales against the restart of stock Flink.",
        mixinStandardHelpOptions = true,
        subcommands = {RunCommand.class, QuickstartCommand.class})
public final class Main {

    private Main() {}

    /** Runs a command and exits: 0 success, 1 failure or goals missed, 2 wrong usage. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Main()).execute(arguments));
    }
}
