package dev.tern.processes;

import dev.tern.experiments.cluster.FreePorts;
import dev.tern.experiments.cluster.Poll;
import dev.tern.experiments.cluster.ServerProcess;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;

/** A ZooKeeper server in a process of its own, on the loopback interface. */
final class ZooKeeperServer implements AutoCloseable {

    private final ServerProcess process;
    private final int port;

    private ZooKeeperServer(ServerProcess process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Starts a server and waits until it answers. */
    static ZooKeeperServer start(Path directory)
            throws IOException, InterruptedException, TimeoutException {
        int port = FreePorts.find(1)[0];
        Path configuration = Files.createDirectories(directory).resolve("zoo.cfg");
        Files.writeString(
                configuration,
                String.join(
                        "\n",
                        "tickTime=500",
                        "maxSessionTimeout=40000",
                        "dataDir=" + directory.resolve("data"),
                        "clientPort=" + port,
                        "clientPortAddress=127.0.0.1",
                        "admin.enableServer=false",
                        "4lw.commands.whitelist=ruok",
                        ""));
        ServerProcess process =
                ServerProcess.start(
                        "ZooKeeper",
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx128m",
                                "-cp",
                                classPath(),
                                "org.apache.zookeeper.server.quorum.QuorumPeerMain",
                                configuration.toString()),
                        Map.of(),
                        directory.resolve("zookeeper.out"));
        ZooKeeperServer server = new ZooKeeperServer(process, port);
        try {
            Poll.until(
                    "ZooKeeper", Duration.ofSeconds(60), Duration.ofMillis(100), server::answers);
        } catch (TimeoutException late) {
            server.close();
            throw late;
        }
        return server;
    }

    /** What clients connect to. */
    String quorum() {
        return "127.0.0.1:" + port;
    }

    @Override
    public void close() {
        process.close();
    }

    private boolean answers() throws IOException {
        process.checkAlive();
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.getOutputStream().write("ruok".getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)
                    .equals("imok");
        }
    }

    /** Failsafe hides the class path of the tests behind a jar of its own. */
    private static String classPath() {
        return System.getProperty(
                "surefire.test.class.path", System.getProperty("java.class.path"));
    }
}
