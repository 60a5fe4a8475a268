package dev.tern.client.cli;

import org.apache.flink.api.common.JobID;
import org.apache.flink.client.cli.CliArgsException;
import org.apache.flink.client.cli.ProgramOptions;

import dev.tern.client.check.JarCheckArguments;

import org.apache.commons.cli.CommandLine;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A command line {@code flink rescale --check [OPTIONS] <jar-file> <arguments>}, read up to the jar:
 * what follows is for the program.
 */
final class JarCheckLine {

    private JarCheckLine() {}

    /** Whether the line names a program to check, and not a job. */
    static boolean isIn(CommandLine line) {
        return RescaleArguments.has(line, RescaleOption.CHECK)
                && !RescaleArguments.wantsHelp(line)
                && !line.getArgList().isEmpty()
                && !line.getArgList().get(0).startsWith("-")
                && !isJobId(line.getArgList().get(0));
    }

    /**
     * Reads such a line.
     *
     * @throws CliArgsException with a sentence that says what is wrong and what to do
     */
    static JarCheckArguments parse(CommandLine line) throws CliArgsException {
        RescaleArguments.requireOnly(
                line,
                Set.of(RescaleOption.CHECK, RescaleOption.PARALLELISM),
                "--check only looks");
        int parallelism = Optional.ofNullable(RescaleArguments.parallelism(line)).orElse(0);
        ProgramOptions program = ProgramOptions.create(line);
        return new JarCheckArguments(
                jar(program.getJarFilePath()),
                program.getEntryPointClassName(),
                program.getClasspaths(),
                parallelism,
                List.of(program.getProgramArgs()));
    }

    private static Path jar(String named) throws CliArgsException {
        try {
            Path jar = Path.of(named);
            if (Files.isRegularFile(jar)) {
                return jar;
            }
        } catch (InvalidPathException e) {
            // Said below, for this and for what is not there.
        }
        throw new CliArgsException(
                String.format(
                        "\"%s\" is neither a job id, of 32 hexadecimal digits, nor a jar file that"
                                + " is there.",
                        named));
    }

    private static boolean isJobId(String text) {
        try {
            JobID.fromHexString(text);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
