package dev.tern.experiments.kafka;

import dev.tern.experiments.cluster.CommandResult;
import dev.tern.experiments.cluster.FreePorts;
import dev.tern.experiments.cluster.Poll;
import dev.tern.experiments.cluster.ServerProcess;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/** A Kafka broker of one node (KRaft) in a process of its own, on the loopback interface. */
public final class KafkaBroker implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration OFTEN = Duration.ofMillis(200);

    private final ServerProcess process;
    private final String bootstrapServers;

    private KafkaBroker(ServerProcess process, String bootstrapServers) {
        this.process = process;
        this.bootstrapServers = bootstrapServers;
    }

    /** Formats a storage in {@code directory}, starts a broker and waits until it answers. */
    public static KafkaBroker start(Path directory)
            throws IOException, InterruptedException, TimeoutException {
        int[] ports = FreePorts.find(2);
        Path properties = Files.createDirectories(directory).resolve("server.properties");
        Files.writeString(properties, configuration(directory, ports[0], ports[1]));
        CommandResult.of(
                        java("kafka.tools.StorageTool", "format", "-t", clusterId(), "-c",
                                properties.toString()),
                        Map.of(),
                        PATIENCE,
                        line -> {})
                .orThrow();
        ServerProcess process =
                ServerProcess.start(
                        "Kafka broker",
                        java("kafka.Kafka", properties.toString()),
                        Map.of(),
                        directory.resolve("kafka.out"));
        KafkaBroker broker = new KafkaBroker(process, "127.0.0.1:" + ports[0]);
        try {
            Poll.until("the Kafka broker", PATIENCE, OFTEN, broker::answers);
        } catch (TimeoutException late) {
            broker.close();
            throw late;
        }
        return broker;
    }

    /** What clients connect to. */
    public String bootstrapServers() {
        return bootstrapServers;
    }

    /** Creates a topic. */
    public void createTopic(String name, int partitions) throws Exception {
        try (Admin admin = admin()) {
            admin.createTopics(List.of(new NewTopic(name, partitions, (short) 1))).all().get();
        }
    }

    @Override
    public void close() {
        process.close();
    }

    private boolean answers() throws IOException {
        process.checkAlive();
        try (Admin admin = admin()) {
            return admin.describeCluster().nodes().get().size() == 1;
        } catch (ExecutionException notYet) {
            throw new IOException(notYet);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException(interrupted);
        }
    }

    private Admin admin() {
        return Admin.create(
                Map.of(
                        AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers,
                        AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, "3000",
                        AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, "2000"));
    }

    private static List<String> java(String main, String... arguments) {
        List<String> command =
                new java.util.ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx512m",
                                "-cp",
                                classPath(),
                                main));
        command.addAll(List.of(arguments));
        return command;
    }

    /** Surefire hides the class path of the tests behind a jar of its own. */
    private static String classPath() {
        return System.getProperty(
                "surefire.test.class.path", System.getProperty("java.class.path"));
    }

    private static String clusterId() {
        UUID id = UUID.randomUUID();
        ByteBuffer bytes = ByteBuffer.allocate(16);
        bytes.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
    }

    private static String configuration(Path directory, int port, int controllerPort) {
        return String.join(
                "\n",
                "process.roles=broker,controller",
                "node.id=1",
                "controller.quorum.voters=1@127.0.0.1:" + controllerPort,
                "listeners=PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:"
                        + controllerPort,
                "advertised.listeners=PLAINTEXT://127.0.0.1:" + port,
                "controller.listener.names=CONTROLLER",
                "listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
                "log.dirs=" + directory.resolve("data"),
                "offsets.topic.replication.factor=1",
                "offsets.topic.num.partitions=1",
                "transaction.state.log.replication.factor=1",
                "transaction.state.log.min.isr=1",
                "group.initial.rebalance.delay.ms=0",
                "");
    }
}
