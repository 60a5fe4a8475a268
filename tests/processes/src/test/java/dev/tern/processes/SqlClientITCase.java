package dev.tern.processes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.experiments.cluster.ClusterSettings;
import dev.tern.experiments.cluster.CommandResult;
import dev.tern.experiments.cluster.LocalCluster;
import dev.tern.experiments.cluster.Poll;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A query that {@code sql-client.sh} submits from a file grows and shrinks while it runs. */
class SqlClientITCase {

    private static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(90);
    private static final Pattern JOB_ID = Pattern.compile("Job ID: ([0-9a-f]{32})");
    private static final Pattern CHANGE =
            Pattern.compile("TOTALS(?::[0-9]+)?> ([+-])[IUDA]\\[(\\d+), (\\d+), (\\d+)]");
    private static final int RECORDS = 40_000;
    private static final int KEYS = 50;

    @TempDir private Path directory;

    @Test
    void aQueryOfTheSqlClientIsRescaledLive() throws Exception {
        Path script = directory.resolve("totals.sql");
        Files.writeString(
                script,
                String.format(
                        """
                        SET 'parallelism.default' = '2';
                        SET 'pipeline.max-parallelism' = '64';
                        CREATE TEMPORARY TABLE numbers (id BIGINT) WITH (
                          'connector' = 'datagen',
                          'rows-per-second' = '2000',
                          'fields.id.kind' = 'sequence',
                          'fields.id.start' = '0',
                          'fields.id.end' = '%d');
                        CREATE TEMPORARY TABLE totals (k BIGINT, n BIGINT, s BIGINT) WITH (
                          'connector' = 'print', 'print-identifier' = 'TOTALS');
                        INSERT INTO totals
                          SELECT MOD(id, %d), COUNT(*), SUM(id) FROM numbers GROUP BY MOD(id, %d);
                        """,
                        RECORDS - 1, KEYS, KEYS));
        try (LocalCluster cluster =
                LocalCluster.start(
                        Distribution.directory(),
                        new ClusterSettings(2, 2, 128, Map.of()),
                        directory.resolve("cluster"))) {
            String output = sqlClient(cluster, script);
            Matcher id = JOB_ID.matcher(output);
            assertThat(id.find()).as(output).isTrue();
            String job = id.group(1);
            awaitRunning(cluster, job);

            assertThat(rescale(cluster, job, 4)).contains("Completed in", "without a restart");
            assertThat(rescale(cluster, job, 3)).contains("Completed in", "without a restart");
            awaitState(cluster, job, "FINISHED");
            assertThat(result(cluster)).isEqualTo(expected());
        }
    }

    /** The client has a configuration of its own: that of a server binds the server's port. */
    private String sqlClient(LocalCluster cluster, Path script) throws Exception {
        Path conf = directory.resolve("client-conf");
        Distribution.copyConfiguration(conf);
        URI address = URI.create(cluster.rest().address());
        Files.writeString(
                conf.resolve("config.yaml"),
                String.format(
                        "rest.address: %s%nrest.port: %d%n", address.getHost(), address.getPort()));
        return CommandResult.of(
                        List.of(
                                Distribution.script("sql-client.sh").toString(),
                                "-f",
                                script.toString()),
                        Map.of(
                                "FLINK_CONF_DIR", conf.toString(),
                                "FLINK_LOG_DIR", directory.resolve("client-log").toString()),
                        COMMAND_TIMEOUT,
                        line -> {})
                .orThrow()
                .output();
    }

    private static String rescale(LocalCluster cluster, String job, int parallelism)
            throws Exception {
        return cluster.flink(
                        List.of(
                                "rescale",
                                job,
                                "-v",
                                "GroupAggregate",
                                "-p",
                                String.valueOf(parallelism),
                                "--wait"),
                        COMMAND_TIMEOUT,
                        line -> {})
                .orThrow()
                .output();
    }

    private static void awaitRunning(LocalCluster cluster, String job) throws Exception {
        Poll.until(
                "tasks of job " + job + " that run",
                COMMAND_TIMEOUT,
                Duration.ofMillis(100),
                () -> {
                    JsonNode vertices = cluster.rest().get("/jobs/" + job).path("vertices");
                    for (JsonNode vertex : vertices) {
                        if (!vertex.path("status").asText().equals("RUNNING")) {
                            return false;
                        }
                    }
                    return !vertices.isEmpty();
                });
    }

    private static void awaitState(LocalCluster cluster, String job, String state)
            throws Exception {
        Poll.until(
                "job " + job + " in state " + state,
                COMMAND_TIMEOUT,
                Duration.ofMillis(100),
                () -> cluster.rest().get("/jobs/" + job).path("state").asText().equals(state));
    }

    /** The rows that are left when all changes that were printed have been made. */
    private static Map<String, Integer> result(LocalCluster cluster) throws IOException {
        Map<String, Integer> rows = new TreeMap<>();
        try (DirectoryStream<Path> files =
                Files.newDirectoryStream(
                        cluster.directory().resolve("log"), "taskmanager-*.out")) {
            for (Path file : files) {
                Matcher change = CHANGE.matcher(Files.readString(file));
                while (change.find()) {
                    rows.merge(
                            change.group(2) + ", " + change.group(3) + ", " + change.group(4),
                            change.group(1).equals("+") ? 1 : -1,
                            Integer::sum);
                }
            }
        }
        rows.values().removeIf(count -> count == 0);
        return rows;
    }

    private static Map<String, Integer> expected() {
        long[] counts = new long[KEYS];
        long[] sums = new long[KEYS];
        for (int id = 0; id < RECORDS; id++) {
            counts[id % KEYS]++;
            sums[id % KEYS] += id;
        }
        Map<String, Integer> rows = new TreeMap<>();
        for (int key = 0; key < KEYS; key++) {
            rows.put(key + ", " + counts[key] + ", " + sums[key], 1);
        }
        return rows;
    }
}
