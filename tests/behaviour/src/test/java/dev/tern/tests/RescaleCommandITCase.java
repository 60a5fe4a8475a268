package dev.tern.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.client.cli.TernCliFrontend;

import org.apache.flink.client.cli.CliFrontend;
import org.apache.flink.configuration.Configuration;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/** {@code flink rescale} and the REST resources against a job that runs. */
class RescaleCommandITCase {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir private Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final PrintStream systemErr = System.err;
    private RescalableCluster cluster;
    private String job;

    @BeforeEach
    void start() throws Exception {
        Configuration configuration = RescalableCluster.configuration(directory);
        cluster = new RescalableCluster(configuration, 4);
        cluster.submit(CountingJob.graph(configuration, getClass().getName(), 1L << 40, 2_000));
        cluster.awaitRunning();
        Observations observed = Observations.of(getClass().getName());
        RescalableCluster.waitUntil("records flow", () -> observed.records() > 100);
        cluster.awaitTasks();
        job = cluster.job().toHexString();
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void stop() throws Exception {
        System.setErr(systemErr);
        if (cluster != null) {
            cluster.cluster().cancelJob(cluster.job()).get(30, TimeUnit.SECONDS);
            cluster.close();
        }
    }

    @Test
    void drivesAJob() throws Exception {
        assertThat(flink("rescale", job, "--status")).isZero();
        assertThat(out()).contains("has not been rescaled");

        assertThat(flink("rescale", job, "-v", "COUNT", "-p", "4", "--dry-run")).isZero();
        assertThat(out())
                .contains("Dry run: \"COUNT\"", "from 2 to 4", "key groups and", "SOURCE");
        assertThat(cluster.parallelism("COUNT")).isEqualTo(2);

        assertThat(flink("rescale", job, "-v", "COUNT", "-p", "4", "--wait")).isZero();
        assertThat(out())
                .contains("PREFLIGHT", "DEPLOY", "MIGRATE", "COMPLETED", "without a restart");
        assertThat(cluster.parallelism("COUNT")).isEqualTo(4);

        Files.writeString(
                directory.resolve("scale-conf.properties"),
                "rescale.vertex=COUNT\nrescale.parallelism=3\nrescale.placement=contiguous\n");
        assertThat(flink("rescale", job, "--wait", "--json")).isZero();
        JsonNode last = JSON.readTree(out());
        assertThat(last.get("mode").asText()).isEqualTo("LIVE");
        assertThat(last.get("from").asInt()).isEqualTo(4);
        assertThat(last.get("to").asInt()).isEqualTo(3);
        assertThat(last.get("placement").asText()).isEqualTo("contiguous");
        assertThat(cluster.parallelism("COUNT")).isEqualTo(3);

        JsonNode history = JSON.readTree(get("/jobs/" + job + "/rescales/history"));
        assertThat(history).hasSize(2);
        assertThat(history.get(0).get("rescaleUuid")).isEqualTo(last.get("rescaleId"));
        assertThat(history.get(0).get("keyGroupsMoved").asInt()).isPositive();
        assertThat(history.get(0).get("schedulerStates").size()).isGreaterThan(4);
        JsonNode details =
                JSON.readTree(
                        get(
                                "/jobs/"
                                        + job
                                        + "/rescales/details/"
                                        + last.get("rescaleId").asText()));
        assertThat(details).isEqualTo(history.get(0));

        assertThat(flink("rescale", job, "--status")).isZero();
        assertThat(out()).contains("from 4 to 3", "RETIRE", "Completed in");
        assertThat(cluster.restarts("CHECK")).isZero();
    }

    @Test
    void checksEveryVertex() throws Exception {
        assertThat(flink("rescale", job, "--check")).isZero();
        assertThat(out())
                .contains("SOURCE\"", "\"COUNT\"", "2 of at most 64 subtasks")
                .contains("  more or fewer  live: while the job runs")
                .contains("  more or fewer  restart: only with --allow-restart")
                .contains("It is a source.");

        assertThat(flink("rescale", job, "--check", "--json")).isZero();
        JsonNode check = JSON.readTree(out());
        assertThat(check).isEqualTo(JSON.readTree(get("/jobs/" + job + "/rescales/check")));
        for (JsonNode vertex : check.get("vertices")) {
            boolean source = vertex.get("name").asText().contains("SOURCE");
            assertThat(vertex.get("fewer").get("verdict").asText())
                    .isEqualTo(source ? "RESTART" : "LIVE");
            // What it promises is what a request gets.
            if (source) {
                assertRefused("is a source", "-v", vertex.get("id").asText(), "-p", "3");
            }
        }
        assertThat(JSON.readTree(get("/jobs/" + job + "/rescales/history"))).isEmpty();
    }

    @Test
    void refusesInOneSentence() throws Exception {
        assertRefused("already runs with parallelism 2", "-v", "COUNT", "-p", "2");
        assertRefused("out of range", "-v", "COUNT", "-p", "65");
        assertRefused("no vertex \"NOPE\"", "-v", "NOPE", "-p", "4");
        assertRefused("2 vertices that can be rescaled", "-p", "4");
        assertRefused("No parallelism", "-v", "COUNT");
        assertRefused("no strategy \"nope\"", "-v", "COUNT", "-p", "4", "-s", "nope");
        assertRefused("--allow-restart", "-v", "SOURCE", "-p", "4");
        assertRefused("is not being rescaled", "--abort");
        assertThat(flink("rescale", job, "-v", "SOURCE", "-p", "4", "--dry-run")).isZero();
        assertThat(out()).contains("is a source", "Without --allow-restart it will be refused");
        assertThat(JSON.readTree(get("/jobs/" + job + "/rescales/history"))).isEmpty();
        assertThat(cluster.restarts("CHECK")).isZero();
    }

    @Test
    void restartsWhereThatIsAllowed() throws Exception {
        cluster.awaitCheckpoint();
        assertThat(
                        flink(
                                "rescale", job, "-v", "SOURCE", "-p", "3", "--allow-restart",
                                "--wait"))
                .as(out() + err.toString(StandardCharsets.UTF_8))
                .isZero();
        assertThat(out()).contains("by restarting the job", "RESTARTED");
        RescalableCluster.waitUntil(
                "the source has 3 subtasks", () -> cluster.parallelism("SOURCE") == 3);
    }

    private void assertRefused(String part, String... options) throws Exception {
        String[] args = new String[options.length + 2];
        args[0] = "rescale";
        args[1] = job;
        System.arraycopy(options, 0, args, 2, options.length);
        assertThat(flink(args)).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains(part).hasLineCount(1);
        assertThat(out()).isEmpty();
    }

    private int flink(String... args) throws Exception {
        out.reset();
        err.reset();
        URI address = cluster.cluster().getRestAddress().get();
        String[] all = Arrays.copyOf(args, args.length + 2);
        all[args.length] = "-m";
        all[args.length + 1] = address.getHost() + ":" + address.getPort();
        Configuration configuration = new Configuration();
        return new TernCliFrontend(
                        configuration,
                        CliFrontend.loadCustomCommandLines(configuration, directory.toString()),
                        directory,
                        new PrintStream(out, true, StandardCharsets.UTF_8))
                .parseAndRun(all);
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String get(String path) throws Exception {
        HttpResponse<String> response =
                HttpClient.newHttpClient()
                        .send(
                                HttpRequest.newBuilder(
                                                cluster.cluster()
                                                        .getRestAddress()
                                                        .get()
                                                        .resolve(path))
                                        .build(),
                                HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return response.body();
    }
}
