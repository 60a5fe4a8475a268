package dev.tern.processes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.processes.job.UnbrokenSequences;
import dev.tern.experiments.cluster.ClusterSettings;
import dev.tern.experiments.cluster.CommandResult;
import dev.tern.experiments.cluster.JobSubmission;
import dev.tern.experiments.cluster.LocalCluster;
import dev.tern.experiments.cluster.Poll;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code flink run, list, info, savepoint, stop} and {@code cancel} against one JobManager and two
 * TaskManagers, on both state backends. The job fails by itself if a restore loses or repeats
 * anything.
 */
class ClientCommandsITCase {

    private static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(90);
    private static final Duration JOB_TIMEOUT = Duration.ofSeconds(60);
    private static final Pattern SAVEPOINT = Pattern.compile("file:\\S*/savepoint-[0-9a-f-]+");
    private static final String RATE = "2000";
    private static final long ENOUGH_RECORDS = 2_000;

    @TempDir private static Path directory;

    private static LocalCluster cluster;
    private static Path jar;

    @BeforeAll
    static void startCluster() throws Exception {
        jar = JobJar.of(UnbrokenSequences.class, directory);
        cluster =
                LocalCluster.start(
                        Distribution.directory(),
                        new ClusterSettings(2, 2, 128, Map.of()),
                        directory.resolve("cluster"));
    }

    @AfterAll
    static void stopCluster() {
        if (cluster != null) {
            cluster.close();
        }
    }

    @ParameterizedTest
    @CsvSource({"hashmap, HashMapStateBackend", "rocksdb, EmbeddedRocksDBStateBackend"})
    void runsSavesStopsAndRestoresAJob(String backend, String backendName) throws Exception {
        String job = submit(backend, List.of());
        awaitRecords(job);
        JsonNode checkpointing = cluster.rest().get("/jobs/" + job + "/checkpoints/config");
        assertThat(checkpointing.path("state_backend").asText()).isEqualTo(backendName);
        assertThat(flink("list")).contains(job).contains("unbroken sequences (RUNNING)");

        Path first = savepoint(flink("savepoint", job, target("first-" + backend)));
        assertThat(first.resolve("_metadata")).isRegularFile();
        assertThat(stateOf(job)).isEqualTo("RUNNING");
        Path last = savepoint(flink("stop", "--savepointPath", target("last-" + backend), job));
        assertThat(last.resolve("_metadata")).isRegularFile();
        awaitState(job, "FINISHED");

        String restored = submit(backend, List.of("-s", last.toUri().toString()));
        awaitRecords(restored);
        assertThat(stateOf(restored)).isEqualTo("RUNNING");
        JsonNode latest = cluster.rest().get("/jobs/" + restored + "/checkpoints").path("latest");
        assertThat(latest.path("restored").path("external_path").asText())
                .endsWith(last.getFileName().toString());

        assertThat(flink("cancel", restored)).contains("Cancelled job " + restored);
        awaitState(restored, "CANCELED");
        assertThat(flink("list", "-a")).contains("(FINISHED)").contains("(CANCELED)");
    }

    @Test
    void showsThePlanOfAJobWithoutRunningIt() throws Exception {
        assertThat(flink("info", jar.toString(), RATE)).contains("\"nodes\"").contains("check");
    }

    @Test
    void jobIdThatIsUnknownIsNamed() throws Exception {
        String unknown = "00000000000000000000000000000001";
        CommandResult result =
                cluster.flink(List.of("cancel", unknown), COMMAND_TIMEOUT, line -> {});
        assertThat(result.exitCode()).isNotZero();
        assertThat(result.output()).contains(unknown);
    }

    private static String submit(String backend, List<String> options) throws Exception {
        List<String> all =
                new ArrayList<>(List.of("-D", "state.backend.type=" + backend, "-p", "3"));
        all.addAll(options);
        return JobSubmission.submit(cluster, all, jar, List.of(RATE));
    }

    private static String flink(String... arguments) throws Exception {
        return cluster.flink(List.of(arguments), COMMAND_TIMEOUT, line -> {}).orThrow().output();
    }

    private static String target(String name) {
        return cluster.directory().resolve(name).toUri().toString();
    }

    private static Path savepoint(String output) {
        Matcher matcher = SAVEPOINT.matcher(output);
        assertThat(matcher.find()).as("a savepoint's path in: %s", output).isTrue();
        Path path = Path.of(URI.create(matcher.group()).getPath());
        assertThat(Files.isDirectory(path)).isTrue();
        return path;
    }

    /** Waits until the job's vertex `check` has read some records. */
    private static void awaitRecords(String job) throws TimeoutException, InterruptedException {
        Poll.until(
                ENOUGH_RECORDS + " records read by job " + job,
                JOB_TIMEOUT,
                Duration.ofMillis(100),
                () -> {
                    JsonNode details = cluster.rest().get("/jobs/" + job);
                    assertThat(details.path("state").asText()).isNotEqualTo("FAILED");
                    return readRecords(details) >= ENOUGH_RECORDS;
                });
    }

    private static long readRecords(JsonNode job) {
        long read = 0;
        for (JsonNode vertex : job.path("vertices")) {
            if (vertex.path("name").asText().startsWith("check")) {
                read += vertex.path("metrics").path("read-records").asLong();
            }
        }
        return read;
    }

    private static String stateOf(String job) throws IOException {
        return cluster.rest().get("/jobs/" + job).path("state").asText();
    }

    private static void awaitState(String job, String state)
            throws TimeoutException, InterruptedException {
        Poll.until(
                "job " + job + " in state " + state,
                JOB_TIMEOUT,
                Duration.ofMillis(100),
                () -> stateOf(job).equals(state));
    }
}
