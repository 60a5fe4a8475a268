package dev.tern.experiments;

import dev.tern.experiments.command.RunCommand;
import dev.tern.experiments.command.QuickstartCommand;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParseResult;

import java.io.IOException;
import java.util.concurrent.TimeoutException;

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
        System.exit(
                new CommandLine(new Main())
                        .setExecutionExceptionHandler(Main::explain)
                        .execute(arguments));
    }

    /** What can go wrong outside this program needs a sentence, everything else a stack trace. */
    private static int explain(Exception failure, CommandLine command, ParseResult parsed) {
        if (failure instanceof IOException || failure instanceof TimeoutException) {
            command.getErr().println(command.getCommandName() + ": " + failure.getMessage());
        } else {
            failure.printStackTrace(command.getErr());
        }
        return command.getCommandSpec().exitCodeOnExecutionException();
    }
}
