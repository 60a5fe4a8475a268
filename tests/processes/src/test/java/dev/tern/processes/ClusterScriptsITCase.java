package dev.tern.processes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.experiments.cluster.ClusterSettings;
import dev.tern.experiments.cluster.CommandResult;
import dev.tern.experiments.cluster.Poll;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** {@code start-cluster.sh}, {@code stop-cluster.sh} and the daemons' pid and log files. */
class ClusterScriptsITCase {

    private static final String JOB_MANAGER = "standalonesession";
    private static final String TASK_MANAGER = "taskexecutor";
    private static final String LOG = "flink-tester-";

    @TempDir private Path directory;

    @Test
    void startsJoinsAndLeavesNothingBehind() throws Exception {
        try (ScriptedCluster cluster = ScriptedCluster.configured(directory, settings())) {
            assertThat(cluster.run("start-cluster.sh").orThrow().output())
                    .contains("Starting cluster.")
                    .contains("Starting standalonesession daemon on host")
                    .contains("Starting taskexecutor daemon on host");
            cluster.run("taskmanager.sh", "start").orThrow();
            cluster.awaitTaskManagers(2);

            assertThat(cluster.pids(JOB_MANAGER)).hasSize(1).allMatch(pid -> isAlive(pid));
            assertThat(cluster.pids(TASK_MANAGER)).hasSize(2).allMatch(pid -> isAlive(pid));
            assertThat(cluster.logFiles())
                    .filteredOn(name -> name.endsWith(".log"))
                    .satisfiesExactly(
                            name -> assertThat(name).startsWith(LOG + JOB_MANAGER + "-0-"),
                            name -> assertThat(name).startsWith(LOG + TASK_MANAGER + "-0-"),
                            name -> assertThat(name).startsWith(LOG + TASK_MANAGER + "-1-"));
            showsItsVersionAndDashboard(cluster);

            long first = cluster.pids(TASK_MANAGER).get(0);
            long second = cluster.pids(TASK_MANAGER).get(1);
            cluster.run("taskmanager.sh", "stop").orThrow();
            assertThat(cluster.pids(TASK_MANAGER)).containsExactly(first);
            assertThat(isAlive(second)).isFalse();
            cluster.awaitTaskManagers(1);

            long jobManager = cluster.pids(JOB_MANAGER).get(0);
            cluster.run("taskmanager.sh", "start").orThrow();
            long third = cluster.pids(TASK_MANAGER).get(1);
            cluster.run("stop-cluster.sh").orThrow();
            assertThat(List.of(jobManager, first, third)).noneMatch(pid -> isAlive(pid));
            assertThat(cluster.pidFile(JOB_MANAGER)).doesNotExist();
            assertThat(cluster.pidFile(TASK_MANAGER)).doesNotExist();
        }
    }

    @Test
    void countsFromZeroAgainAfterAProcessDied() throws Exception {
        try (ScriptedCluster cluster = ScriptedCluster.configured(directory, settings())) {
            cluster.run("taskmanager.sh", "start").orThrow();
            long died = cluster.pids(TASK_MANAGER).get(0);
            ProcessHandle.of(died).orElseThrow().destroyForcibly();
            Poll.until(
                    "the end of process " + died,
                    Duration.ofSeconds(20),
                    Duration.ofMillis(20),
                    () -> !isAlive(died));

            cluster.run("taskmanager.sh", "start").orThrow();
            assertThat(cluster.pids(TASK_MANAGER)).hasSize(1).doesNotContain(died);
            cluster.run("taskmanager.sh", "stop-all").orThrow();

            CommandResult nothing = cluster.run("taskmanager.sh", "stop").orThrow();
            assertThat(nothing.output()).contains("No taskexecutor daemon to stop on host");
        }
    }

    private static void showsItsVersionAndDashboard(ScriptedCluster cluster) throws Exception {
        JsonNode config = cluster.rest().get("/config");
        assertThat(config.path("flink-version").asText()).isEqualTo(Distribution.VERSION);
        assertThat(config.path("flink-revision").asText()).matches("[0-9a-f]{7,} @ .*");
        HttpResponse<String> index =
                HttpClient.newHttpClient()
                        .send(
                                HttpRequest.newBuilder(
                                                URI.create(cluster.rest().address() + "/"))
                                        .timeout(Duration.ofSeconds(20))
                                        .build(),
                                HttpResponse.BodyHandlers.ofString());
        assertThat(index.statusCode()).isEqualTo(200);
        assertThat(index.body()).contains("Apache Flink Web Dashboard");
    }

    private static boolean isAlive(long pid) {
        return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    }

    private static ClusterSettings settings() {
        return new ClusterSettings(1, 2, 128, Map.of());
    }
}
