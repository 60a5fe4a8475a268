package dev.tern.processes;

import dev.tern.experiments.cluster.ClusterSettings;
import dev.tern.experiments.cluster.CommandResult;
import dev.tern.experiments.cluster.FreePorts;
import dev.tern.experiments.cluster.Poll;
import dev.tern.experiments.rest.FlinkRest;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;

/**
 * A cluster of background processes as {@code start-cluster.sh} and its kin make it, with
 * configuration, logs and pid files below one directory. Closing kills what is left of it.
 */
final class ScriptedCluster implements AutoCloseable {

    private static final Duration SCRIPT_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration START_TIMEOUT = Duration.ofSeconds(90);

    private final Path directory;
    private final FlinkRest rest;

    private ScriptedCluster(Path directory, FlinkRest rest) {
        this.directory = directory;
        this.rest = rest;
    }

    /** Writes the configuration of a cluster; starts nothing. */
    static ScriptedCluster configured(Path directory, ClusterSettings settings)
            throws IOException {
        int[] ports = FreePorts.find(2);
        Distribution.copyConfiguration(directory.resolve("conf"));
        Files.writeString(
                directory.resolve("conf/config.yaml"),
                settings.configYaml(
                        ports[0],
                        ports[1],
                        directory.toString(),
                        directory.resolve("tmp").toString()));
        return new ScriptedCluster(directory, new FlinkRest(ports[1]));
    }

    FlinkRest rest() {
        return rest;
    }

    /** Runs a script of the distribution against this cluster. */
    CommandResult run(String script, String... arguments)
            throws IOException, InterruptedException, TimeoutException {
        List<String> command = new ArrayList<>();
        command.add(Distribution.script(script).toString());
        command.addAll(Arrays.asList(arguments));
        return CommandResult.of(command, environment(), SCRIPT_TIMEOUT, line -> {});
    }

    /** Waits until the JobManager knows this many TaskManagers. */
    void awaitTaskManagers(int count) throws InterruptedException, TimeoutException {
        Poll.until(
                count + " TaskManagers",
                START_TIMEOUT,
                Duration.ofMillis(100),
                () -> rest.get("/overview").path("taskmanagers").asInt() == count);
    }

    /** The pids that the pid file of a daemon lists; empty without the file. */
    List<Long> pids(String daemon) throws IOException {
        Path file = pidFile(daemon);
        return Files.exists(file)
                ? Files.readAllLines(file).stream().map(Long::valueOf).toList()
                : List.of();
    }

    Path pidFile(String daemon) {
        return directory.resolve("pid/flink-tester-" + daemon + ".pid");
    }

    /** The names of all files in the log directory, sorted. */
    List<String> logFiles() throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> files =
                Files.newDirectoryStream(directory.resolve("log"))) {
            files.forEach(file -> names.add(file.getFileName().toString()));
        }
        return names.stream().sorted().toList();
    }

    @Override
    public void close() throws IOException {
        for (String daemon : List.of("taskexecutor", "standalonesession")) {
            for (long pid : pids(daemon)) {
                ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
            }
        }
    }

    private Map<String, String> environment() {
        return Map.of(
                "FLINK_CONF_DIR", directory.resolve("conf").toString(),
                "FLINK_LOG_DIR", directory.resolve("log").toString(),
                "FLINK_PID_DIR", directory.resolve("pid").toString(),
                "FLINK_IDENT_STRING", "tester");
    }
}
