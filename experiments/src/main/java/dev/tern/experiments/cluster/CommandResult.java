package dev.tern.experiments.cluster;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * What a command printed and how it ended.
 *
 * @param command program and arguments
 * @param exitCode 0 for success
 * @param output standard output and error together
 */
public record CommandResult(List<String> command, int exitCode, String output) {

    private static final long READ_REST_MILLIS = 5_000;

    public CommandResult {
        command = List.copyOf(command);
    }

    /**
     * Runs a command to its end.
     *
     * @param environment added to the environment of this process
     * @param onLine gets every line as soon as it is printed, in a thread of its own
     */
    public static CommandResult of(
            List<String> command,
            Map<String, String> environment,
            Duration timeout,
            Consumer<String> onLine)
            throws IOException, InterruptedException, TimeoutException {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        Process process = builder.redirectErrorStream(true).start();
        process.getOutputStream().close();
        StringBuffer output = new StringBuffer();
        Thread reader =
                new Thread(
                        () ->
                                process.inputReader()
                                        .lines()
                                        .forEach(
                                                line -> {
                                                    output.append(line).append('\n');
                                                    onLine.accept(line);
                                                }),
                        "command-output");
        reader.setDaemon(true);
        reader.start();
        Thread shutdownHook = new Thread(() -> end(process), "end-command");
        boolean ended = false;
        try {
            register(shutdownHook);
            ended = process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS);
            if (!ended) {
                throw new TimeoutException(
                        String.join(" ", command)
                                + " did not end within "
                                + timeout.toSeconds()
                                + " s. Its output: "
                                + output);
            }
            // Before the process is destroyed, which closes its output even if it has ended.
            reader.join(READ_REST_MILLIS);
        } finally {
            // Destroying a process that has ended would drop the output that is still unread.
            if (!ended) {
                end(process);
            }
            forget(shutdownHook);
        }
        return new CommandResult(command, process.exitValue(), output.toString());
    }

    private static void end(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    private static void register(Thread shutdownHook) throws IOException {
        try {
            Runtime.getRuntime().addShutdownHook(shutdownHook);
        } catch (IllegalStateException goingDown) {
            throw new IOException("The harness is ending, no command may be run.", goingDown);
        }
    }

    private static void forget(Thread shutdownHook) {
        try {
            Runtime.getRuntime().removeShutdownHook(shutdownHook);
        } catch (IllegalStateException goingDown) {
            // The hook runs or has run; the process is ended either way.
        }
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
