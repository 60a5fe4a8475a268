package dev.tern.experiments.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;

class ClusterTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration OFTEN = Duration.ofMillis(10);

    @TempDir private Path directory;

    @Test
    void configurationHoldsPortsSlotsAndOptionsThatWin() {
        ClusterSettings settings =
                new ClusterSettings(
                        2, 4, 512, Map.of("web.refresh-interval", "7", "a.b", "with \"quotes\""));

        assertThat(settings.slots()).isEqualTo(8);
        assertThat(settings.configYaml(6001, 6002, "/d", "/t").lines())
                .contains(
                        "jobmanager.rpc.port: \"6001\"",
                        "rest.port: \"6002\"",
                        "rest.bind-port: \"6002\"",
                        "taskmanager.numberOfTaskSlots: \"4\"",
                        "taskmanager.memory.task.heap.size: \"512m\"",
                        "jobmanager.scheduler: \"adaptive\"",
                        "execution.checkpointing.dir: \"file:///d/checkpoints\"",
                        "io.tmp.dirs: \"/t\"",
                        "web.refresh-interval: \"7\"",
                        "a.b: \"with \\\"quotes\\\"\"");
    }

    @Test
    void aShortPathLeadsIntoTheDirectoryUntilItIsClosed() throws IOException {
        Path deep = Files.createDirectories(directory.resolve("d".repeat(100)));
        Path link;
        try (ShortPath shortPath = ShortPath.to(deep)) {
            link = shortPath.path();
            Files.createFile(link.resolve("file"));
            assertThat(link.toString().length()).isLessThan(deep.toString().length());
        }
        assertThat(deep.resolve("file")).exists();
        assertThat(link).doesNotExist();
        assertThat(link.getParent()).doesNotExist();
    }

    @Test
    void refusesAClusterWithoutSlots() {
        assertThatThrownBy(() -> new ClusterSettings(2, 0, 512, Map.of()))
                .hasMessageContaining("slots");
    }

    @Test
    void freePortsDiffer() throws IOException {
        assertThat(FreePorts.find(5)).doesNotHaveDuplicates();
    }

    @Test
    void findsTheJobIdInWhatTheClientPrints() throws IOException {
        String id = "0123456789abcdef0123456789abcdef";

        assertThat(JobSubmission.jobId("log line\nJob has been submitted with JobID " + id + "\n"))
                .isEqualTo(id);
        assertThatThrownBy(() -> JobSubmission.jobId("The program finished with an exception"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("finished with an exception");
    }

    @Test
    void commandKeepsOutputAndExitCode() throws Exception {
        List<String> lines = new CopyOnWriteArrayList<>();
        CommandResult result =
                CommandResult.of(
                        List.of("sh", "-c", "echo $GREETING; exit 3"),
                        Map.of("GREETING", "hello"),
                        PATIENCE,
                        lines::add);

        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(result.output()).isEqualTo("hello\n");
        assertThat(lines).containsExactly("hello");
        assertThatThrownBy(result::orThrow)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("exit code 3")
                .hasMessageContaining("hello");
    }

    @Test
    void commandThatTakesTooLongIsEnded() {
        assertThatThrownBy(
                        () ->
                                CommandResult.of(
                                        List.of("sh", "-c", "echo begun; exec sleep 60"),
                                        Map.of(),
                                        Duration.ofMillis(500),
                                        line -> {}))
                .isInstanceOf(TimeoutException.class)
                .hasMessageContaining("begun");
    }

    @Test
    void processThatEndsOnItsOwnIsReportedWithItsOutput() throws Exception {
        try (ServerProcess process = start("Broken server", "echo no port left; exit 7")) {
            Poll.until("the end", PATIENCE, OFTEN, () -> hasEnded(process));

            assertThatThrownBy(process::checkAlive)
                    .hasMessageContaining("Broken server")
                    .hasMessageContaining("exit code 7")
                    .hasMessageContaining("no port left");
        }
    }

    @Test
    void closingEndsAProcessAndItsChildren() throws Exception {
        ServerProcess process = start("Parent", "sleep 60 & wait");
        ProcessHandle parent = ProcessHandle.of(process.pid()).orElseThrow();
        Poll.until("a child", PATIENCE, OFTEN, () -> parent.children().findAny().isPresent());
        ProcessHandle child = parent.children().findAny().orElseThrow();

        process.close();

        Poll.until("the end of both", PATIENCE, OFTEN, () -> !isAlive(child.pid()));
        assertThat(parent.isAlive()).isFalse();
    }

    @Test
    void pollGivesUpWithTheLastFailure() {
        Poll.Question failing =
                () -> {
                    throw new IOException("connection refused");
                };

        assertThatThrownBy(() -> Poll.until("an answer", Duration.ofMillis(30), OFTEN, failing))
                .isInstanceOf(TimeoutException.class)
                .hasMessageContaining("an answer")
                .hasMessageContaining("connection refused");
    }

    private ServerProcess start(String name, String script) throws IOException {
        return ServerProcess.start(
                name, List.of("sh", "-c", script), Map.of(), directory.resolve("out"));
    }

    private static boolean hasEnded(ServerProcess process) {
        try {
            process.checkAlive();
            return false;
        } catch (IOException ended) {
            return true;
        }
    }

    private static boolean isAlive(long pid) {
        return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    }
}
