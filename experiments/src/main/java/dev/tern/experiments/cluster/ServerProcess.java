package dev.tern.experiments.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A server in a process of its own, whose output goes to a file.
 *
 * <p>Whoever starts one must close it; closing also ends what the process has started.
 */
public final class ServerProcess implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int TAIL_LINES = 20;

    private final String name;
    private final Process process;
    private final Path output;

    private ServerProcess(String name, Process process, Path output) {
        this.name = name;
        this.process = process;
        this.output = output;
    }

    /**
     * Starts a process.
     *
     * @param name for messages, such as "JobManager"
     * @param command program and arguments
     * @param environment added to the environment of this process
     * @param output receives what it prints, both streams
     */
    public static ServerProcess start(
            String name, List<String> command, Map<String, String> environment, Path output)
            throws IOException {
        Files.createDirectories(output.toAbsolutePath().getParent());
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        builder.redirectErrorStream(true).redirectOutput(output.toFile());
        Process process = builder.start();
        process.getOutputStream().close();
        return new ServerProcess(name, process, output);
    }

    /** The process id. */
    public long pid() {
        return process.pid();
    }

    /**
     * Does nothing while the process lives.
     *
     * @throws IOException when it has ended, with the end of its output
     */
    public void checkAlive() throws IOException {
        if (!process.isAlive()) {
            throw new IOException(
                    name
                            + " (pid "
                            + process.pid()
                            + ") ended with exit code "
                            + process.exitValue()
                            + ". The end of "
                            + output
                            + ":\n"
                            + tail());
        }
    }

    /** Ends it at once, as kill -9 does, and waits until it is gone. */
    public void kill() throws InterruptedException {
        List<ProcessHandle> children = process.descendants().toList();
        process.destroyForcibly();
        children.forEach(ProcessHandle::destroyForcibly);
        process.waitFor();
    }

    /** Stops it in the middle of what it does, until {@link #resume}. */
    public void pause() throws IOException, InterruptedException {
        signal("STOP");
    }

    /** Lets it go on after {@link #pause}. */
    public void resume() throws IOException, InterruptedException {
        signal("CONT");
    }

    private void signal(String name) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("kill", "-" + name));
        command.add(String.valueOf(process.pid()));
        process.descendants().forEach(child -> command.add(String.valueOf(child.pid())));
        Process kill = new ProcessBuilder(command).inheritIO().start();
        if (kill.waitFor() != 0) {
            throw new IOException(command + " failed, " + this.name + " got no signal.");
        }
    }

    /** Asks it to end, and ends it by force if it does not. */
    @Override
    public void close() {
        List<ProcessHandle> children = process.descendants().toList();
        process.destroy();
        children.forEach(ProcessHandle::destroy);
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                kill();
            }
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        children.forEach(ProcessHandle::destroyForcibly);
    }

    private String tail() throws IOException {
        try (Stream<String> lines = Files.lines(output)) {
            List<String> all = lines.toList();
            return String.join("\n", all.subList(Math.max(0, all.size() - TAIL_LINES), all.size()));
        }
    }
}
