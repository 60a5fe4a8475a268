package dev.tern.experiments.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What a command printed and how it ended.
 *
 * @param command program and arguments
 * @param exitCode 0 for success
 * @param output standard output and error together
 */
public record CommandResult(List<String> command, int exitCode, String output) {

    public CommandResult {
        command = List.copyOf(command);
    }

    /** Runs a command to its end; its output passes through a file in {@code scratch}. */
    public static CommandResult of(
            List<String> command, Map<String, String> environment, Path scratch, Duration timeout)
            throws IOException, InterruptedException, TimeoutException {
        Path output = Files.createTempFile(scratch, "command-", ".out");
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        builder.redirectErrorStream(true).redirectOutput(output.toFile());
        Process process = builder.start();
        process.getOutputStream().close();
        try {
            if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new TimeoutException(
                        String.join(" ", command)
                                + " did not end within "
                                + timeout.toSeconds()
                                + " s. Its output: "
                                + Files.readString(output));
            }
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        return new CommandResult(command, process.exitValue(), Files.readString(output));
    }

    /**
     * This result, if the command succeeded.
     *
     * @throws IOException with the output, if it did not
     */
    public CommandResult orThrow() throws IOException {
        if (exitCode != 0) {
            throw new IOException(
                    String.join(" ", command)
                            + " ended with exit code "
                            + exitCode
                            + ":\n"
                            + output);
        }
        return this;
    }
}
