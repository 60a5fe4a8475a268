package dev.tern.experiments.cluster;

import dev.tern.experiments.rest.FlinkRest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * One JobManager and some TaskManagers, each a process of its own on the loopback interface. The
 * scripts of a distribution start them with configuration, log and pid directories of their own.
 *
 * <p>Not safe for use by several threads, except {@link #close}, which a shutdown hook may call.
 */
public final class LocalCluster implements AutoCloseable {

    private static final Duration START_TIMEOUT = Duration.ofSeconds(90);
    private static final Duration EVERY = Duration.ofMillis(100);

    private final Path distribution;
    private final ClusterSettings settings;
    private final Path directory;
    private final FlinkRest rest;
    private final List<ServerProcess> taskManagers = new ArrayList<>();
    private final Thread shutdownHook = new Thread(this::stopProcesses, "stop-cluster");
    private ServerProcess jobManager;
    private ShortPath shortPath;
    private int started;
    private boolean closed;

    private LocalCluster(
            Path distribution, ClusterSettings settings, Path directory, int restPort) {
        this.distribution = distribution;
        this.settings = settings;
        this.directory = directory;
        this.rest = new FlinkRest(restPort);
    }

    /**
     * Starts a cluster and waits until all its slots are registered.
     *
     * @param distribution a directory with {@code bin}, {@code conf} and {@code lib}
     * @param settings the configuration
     * @param directory receives {@code conf}, {@code log}, {@code pid}, checkpoints
     */
    public static LocalCluster start(Path distribution, ClusterSettings settings, Path directory)
            throws IOException, InterruptedException, TimeoutException {
        int[] ports = FreePorts.find(2);
        Path absolute = directory.toAbsolutePath();
        LocalCluster cluster =
                new LocalCluster(distribution.toAbsolutePath(), settings, absolute, ports[1]);
        Runtime.getRuntime().addShutdownHook(cluster.shutdownHook);
        try {
            cluster.writeConfiguration(ports[0], ports[1]);
            cluster.startJobManager();
            for (int i = 0; i < settings.taskManagers(); i++) {
                cluster.startTaskManager();
            }
            cluster.awaitSlots(settings.slots());
            return cluster;
        } catch (IOException | InterruptedException | TimeoutException | RuntimeException failed) {
            cluster.close();
            throw failed;
        }
    }

    /** The REST interface of the JobManager. */
    public FlinkRest rest() {
        return rest;
    }

    /** The TaskManager processes that this object has started and not killed. */
    public List<ServerProcess> taskManagers() {
        return List.copyOf(taskManagers);
    }

    /** Where checkpoints, logs and configuration are. */
    public Path directory() {
        return directory;
    }

    /** Starts one more TaskManager; does not wait for its slots. */
    public synchronized ServerProcess startTaskManager() throws IOException {
        ServerProcess taskManager =
                startScript("taskmanager.sh", "TaskManager", "taskmanager-" + started++);
        taskManagers.add(taskManager);
        return taskManager;
    }

    /** Kills a TaskManager at once, as kill -9 does. */
    public synchronized void killTaskManager(ServerProcess taskManager)
            throws InterruptedException {
        taskManager.kill();
        taskManagers.remove(taskManager);
    }

    /** Kills the JobManager at once, as kill -9 does. */
    public synchronized void killJobManager() throws InterruptedException {
        jobManager.kill();
    }

    /** Starts a JobManager in the place of one that was killed; does not wait for it. */
    public synchronized void restartJobManager() throws IOException {
        startJobManager();
    }

    /** Waits until the JobManager counts this many slots. */
    public void awaitSlots(int slots) throws InterruptedException, TimeoutException, IOException {
        Poll.until(
                slots + " registered slots",
                START_TIMEOUT,
                EVERY,
                () -> {
                    checkAlive();
                    return rest.get("/overview").path("slots-total").asInt() == slots;
                });
        checkAlive();
    }

    /**
     * Does nothing while all processes live.
     *
     * @throws IOException when one has ended on its own
     */
    public void checkAlive() throws IOException {
        jobManager.checkAlive();
        for (ServerProcess taskManager : taskManagers) {
            taskManager.checkAlive();
        }
    }

    /**
     * Runs {@code bin/flink} of the distribution against this cluster.
     *
     * @param onLine gets every line of output as soon as it is printed, in a thread of its own
     */
    public CommandResult flink(List<String> arguments, Duration timeout, Consumer<String> onLine)
            throws IOException, InterruptedException, TimeoutException {
        List<String> command = new ArrayList<>();
        command.add(distribution.resolve("bin/flink").toString());
        command.addAll(arguments);
        return CommandResult.of(command, environment(), timeout, onLine);
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(shutdownHook);
        } catch (IllegalStateException alreadyShuttingDown) {
            // The hook itself runs or has run; stopping twice does no harm.
        }
        stopProcesses();
    }

    private synchronized void stopProcesses() {
        closed = true;
        taskManagers.forEach(ServerProcess::close);
        taskManagers.clear();
        if (jobManager != null) {
            jobManager.close();
        }
        if (shortPath != null) {
            try {
                shortPath.close();
            } catch (IOException left) {
                throw new UncheckedIOException(left);
            }
        }
    }

    private synchronized void startJobManager() throws IOException {
        jobManager = startScript("jobmanager.sh", "JobManager", "jobmanager");
    }

    private ServerProcess startScript(String script, String name, String output)
            throws IOException {
        if (closed) {
            throw new IOException("The cluster is closed, no " + name + " may be started.");
        }
        return ServerProcess.start(
                name,
                List.of(
                        distribution.resolve("bin").resolve(script).toString(),
                        "start-foreground"),
                environment(),
                directory.resolve("log").resolve(output + ".out"));
    }

    private Map<String, String> environment() {
        return Map.of(
                "FLINK_CONF_DIR", directory.resolve("conf").toString(),
                "FLINK_LOG_DIR", directory.resolve("log").toString(),
                "FLINK_PID_DIR", directory.resolve("pid").toString());
    }

    private synchronized void writeConfiguration(int rpcPort, int restPort) throws IOException {
        Path conf = directory.resolve("conf");
        for (String child : List.of("conf", "log", "pid", "tmp", "checkpoints", "savepoints")) {
            Files.createDirectories(directory.resolve(child));
        }
        shortPath = ShortPath.to(directory);
        try (DirectoryStream<Path> files =
                Files.newDirectoryStream(distribution.resolve("conf"))) {
            for (Path file : files) {
                Files.copy(
                        file,
                        conf.resolve(file.getFileName()),
                        StandardCopyOption.REPLACE_EXISTING);
            }
        }
        Files.writeString(
                conf.resolve("config.yaml"),
                settings.configYaml(
                        rpcPort,
                        restPort,
                        directory.toString(),
                        shortPath.path().resolve("tmp").toString()));
    }
}
