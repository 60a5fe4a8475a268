package dev.tern.experiments.command;

import dev.tern.experiments.quickstart.Quickstart;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.nio.file.Path;
import java.util.concurrent.Callable;

/** The command line of {@code quickstart.sh}. */
@Command(
        name = "quickstart",
        description = "Counts the words of a real text while the counter is rescaled 2 -> 4 -> 3.",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        sortOptions = false)
public final class QuickstartCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;

    @Option(names = "--tern-dist", required = true, description = "The distribution.")
    private Path distribution;

    @Option(names = "--text", required = true, description = "The text, gzip, a line a record.")
    private Path text;

    @Option(
            names = "--seconds",
            defaultValue = "90",
            description = "How long the replay of the text takes.")
    private int seconds;

    @Option(
            names = "--out",
            defaultValue = "experiments/results/quickstart",
            description = "Directory for summary.json, latency.svg and the logs.")
    private Path out;

    @Override
    public Integer call() throws Exception {
        Quickstart quickstart =
                new Quickstart(distribution, text, seconds, out, spec.commandLine().getOut());
        return quickstart.run() ? 0 : 1;
    }
}
