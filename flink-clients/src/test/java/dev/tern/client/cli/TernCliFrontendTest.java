package dev.tern.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.flink.client.cli.CliFrontend;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.JobManagerOptions;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;

import dev.tern.jobs.EveryObstacle;
import dev.tern.jobs.ProgramJar;
import dev.tern.rescale.config.ScaleConf;
import dev.tern.rescale.rest.RescaleAcceptedBody;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The whole way from a command line over HTTP to output and exit code. */
class TernCliFrontendTest {

    private static final String JOB = "0123456789abcdef0123456789abcdef";
    private static final String RESCALES = "/jobs/" + JOB + "/rescales";

    @TempDir private Path confDir;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final PrintStream systemOut = System.out;
    private final PrintStream systemErr = System.err;
    private RestDouble cluster;

    @BeforeEach
    void start() throws Exception {
        cluster = new RestDouble();
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void stop() {
        System.setOut(systemOut);
        System.setErr(systemErr);
        cluster.close();
    }

    @Test
    void aRescaleIsSubmittedToTheNamedCluster() {
        cluster.answer("POST " + RESCALES, 202, new RescaleAcceptedBody(Bodies.ID, List.of()));
        assertThat(run("rescale", JOB, "-v", "Counter", "-p", "4", "-m", cluster.address()))
                .isZero();
        assertThat(out()).startsWith("Rescale " + Bodies.ID + " of job " + JOB + " has started.");
        assertThat(cluster.requests)
                .containsExactly(
                        "POST "
                                + RESCALES
                                + " {\"vertex\":\"Counter\",\"parallelism\":4,\"dryRun\":false,"
                                + "\"allowRestart\":false}");
    }

    @Test
    void theClusterMayAlsoComeFromTheConfiguration() {
        cluster.answer("GET " + RESCALES + "/history", 200, "[]");
        String port = cluster.address().split(":")[1];
        assertThat(
                        run(
                                "rescale",
                                JOB,
                                "--status",
                                "-Drest.address=127.0.0.1",
                                "-Drest.port=" + port))
                .isZero();
        assertThat(out()).contains("has not been rescaled");
    }

    @Test
    void theFileFillsInWhatIsLeftOut() throws Exception {
        Files.writeString(
                confDir.resolve(ScaleConf.FILE_NAME),
                "rescale.vertex=Counter\nrescale.parallelism=3\nrescale.strategy=aligned\n");
        cluster.answer("POST " + RESCALES, 202, new RescaleAcceptedBody(Bodies.ID, List.of()));
        assertThat(run("rescale", JOB, "-p", "5", "-m", cluster.address())).isZero();
        assertThat(cluster.requests.get(0))
                .contains("\"vertex\":\"Counter\",\"parallelism\":5,\"strategy\":\"aligned\"");
    }

    @Test
    void waitingFollowsTheRescaleToItsEnd() {
        cluster.answer("POST " + RESCALES, 202, new RescaleAcceptedBody(Bodies.ID, List.of()));
        cluster.answer("GET " + RESCALES + "/details/" + Bodies.ID, 200, Bodies.completed());
        assertThat(run("rescale", JOB, "-p", "4", "--wait", "-m", cluster.address())).isZero();
        assertThat(out()).contains("MIGRATE", "COMPLETED", "without a restart");
    }

    @Test
    void aPlanIsPrinted() {
        cluster.answer("POST " + RESCALES, 200, Bodies.plan());
        assertThat(run("rescale", JOB, "-p", "4", "--dry-run", "-m", cluster.address())).isZero();
        assertThat(out()).contains("Dry run: \"Counter\"");
        assertThat(cluster.requests.get(0)).contains("\"dryRun\":true");
    }

    @Test
    void aRefusalIsOneSentence() {
        cluster.answer("POST " + RESCALES, 409, "{\"errors\":[\"Vertex \\\"S\\\" is a source.\"]}");
        assertThat(run("rescale", JOB, "-p", "4", "-m", cluster.address())).isEqualTo(1);
        assertThat(err()).isEqualTo("Vertex \"S\" is a source.\n");
        assertThat(out()).isEmpty();
    }

    @Test
    void withJsonErrorsAreJsonToo() {
        cluster.answer("POST " + RESCALES, 409, "{\"errors\":[\"Not now.\"]}");
        assertThat(run("rescale", JOB, "-p", "4", "--json", "-m", cluster.address()))
                .isEqualTo(1);
        assertThat(out()).isEqualTo("{\"error\":\"Not now.\"}\n");
        assertThat(run("rescale", JOB, "-p", "0", "--json")).isEqualTo(1);
        assertThat(out()).startsWith("{\"error\":\"-p is \\\"0\\\"");
    }

    @Test
    void aClusterThatIsNotTernIsTold() {
        assertThat(run("rescale", JOB, "-p", "4", "-m", cluster.address())).isEqualTo(1);
        assertThat(err()).contains("has no rescale resource: it does not run Tern.");
    }

    @Test
    void nobodyThereIsOneSentence() throws Exception {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        assertThat(run("rescale", JOB, "-p", "4", "-m", "127.0.0.1:" + free)).isEqualTo(1);
        assertThat(err())
                .isEqualTo(
                        "No Flink cluster answers at http://127.0.0.1:"
                                + free
                                + ". Start one with bin/start-cluster.sh, or say where it is with"
                                + " -m <host>:<port>.\n");
    }

    @Test
    void wrongCommandLinesAreOneSentence() {
        assertError("The job id is missing", "rescale");
        assertError("\"xyz\" is not a job id", "rescale", "xyz");
        assertError("-p is \"0\": expected", "rescale", JOB, "-p", "0");
        assertError("-p is \"x\": expected", "rescale", JOB, "-p", "x");
        assertError("--nonsense", "rescale", JOB, "--nonsense");
        assertError("argument for option: m", "rescale", JOB, "-m");
        assertError("('not an address')", "rescale", JOB, "-m", "not an address");
    }

    @Test
    void aWrongFileIsNamed() throws Exception {
        Files.writeString(confDir.resolve(ScaleConf.FILE_NAME), "rescale.paralelism=3\n");
        assertError("Did you mean rescale.parallelism?", "rescale", JOB);
        assertThat(cluster.requests).isEmpty();
    }

    @Test
    void helpShowsOptionsAndExamples() {
        assertThat(run("rescale", "--help")).isZero();
        assertThat(out())
                .contains(
                        "--parallelism <N>",
                        "--placement <name>",
                        "--dry-run",
                        "--jobmanager <arg>",
                        "flink rescale <Job ID> -v Counter -p 4 --wait");
    }

    @Test
    void aJarIsCheckedWithoutACluster() throws Exception {
        String jar = ProgramJar.write(confDir, EveryObstacle.class).toString();
        String classes = ProgramJar.classes().toString();
        assertThat(run("rescale", "--check", "-p", "3", "-C", classes, jar, "forward")).isZero();
        assertThat(out().lines())
                .contains(
                        "\"KEYED\" (" + id("KEYED") + "), 3 of at most 128 subtasks",
                        "  more or fewer  live: while the job runs",
                        "                 "
                                + ProgramJar.at("SOURCE", "fromSequence")
                                + "It is a source.")
                .last()
                .asString()
                .contains("`flink rescale <jobId> --check`");
        assertThat(run("rescale", "--check", "-C", classes, jar, "list")).isZero();
        assertThat(out()).contains("  open           known when it runs\n", "CheckpointedFunction");
        assertThat(cluster.requests).isEmpty();
    }

    @Test
    void whatFollowsTheJarIsForItsProgram() throws Exception {
        String jar = ProgramJar.write(confDir, null).toString();
        assertThat(
                        run(
                                "rescale",
                                "--check",
                                "--json",
                                "-c",
                                EveryObstacle.class.getName(),
                                "-C",
                                ProgramJar.classes().toString(),
                                jar,
                                "plain",
                                "--json",
                                "-p",
                                "x"))
                .isZero();
        JsonNode body = new ObjectMapper().readTree(out());
        assertThat(body.path("job").asText()).isEqualTo("EveryObstacle plain");
        JsonNode keyed = body.path("vertices").get(1);
        assertThat(keyed.path("name").asText()).startsWith("KEYED");
        assertThat(keyed.path("more").path("verdict").asText()).isEqualTo("LIVE");
        assertThat(keyed.path("openQuestions").isArray()).isTrue();
        JsonNode source = body.path("vertices").get(0);
        assertThat(source.path("more").path("reasons").get(0).asText())
                .isEqualTo(ProgramJar.at("SOURCE", "fromSequence") + "It is a source.");
    }

    @Test
    void aJarThatCannotBeCheckedIsNamedInOneLine() throws Exception {
        String jar = ProgramJar.write(confDir, EveryObstacle.class).toString();
        String classes = ProgramJar.classes().toString();
        assertError("\"no.jar\" is neither a job id", "rescale", "--check", "no.jar");
        assertError("A jar comes behind --check", "rescale", jar, "--check");
        assertError("so --vertex has no meaning", "rescale", "--check", "-v", "a", jar);
        assertError("expected a number", "rescale", "--check", "-p", "0", jar);
        assertError("-c and -C are for a program", "rescale", "-c", "a.Job", JOB);
        assertError("cannot be run: ", "rescale", "--check", "-c", "no.such.Job", jar);
        assertError("Nothing works.", "rescale", "--check", "-C", classes, jar, "throws");
        assertThat(run("rescale", "--check", "--json", "-C", classes, jar, "returns"))
                .isEqualTo(1);
        assertThat(out())
                .isEqualTo(
                        "{\"error\":\"The program of job.jar has ended without execute(), so there is"
                                + " no job to check.\"}\n");
        assertThat(err()).isEqualTo("usage: none\n");
    }

    @Test
    void theOtherActionsAreStockAndTheirHelpMentionsOurs() {
        assertThat(run("--help")).isZero();
        assertThat(out()).contains("Action \"run\"", "Action \"rescale\"");
        assertThat(run("nonsense")).isEqualTo(1);
        assertThat(out()).contains("\"nonsense\" is not a valid action", "\"rescale\"");
    }

    private void assertError(String part, String... args) {
        assertThat(run(args)).isEqualTo(1);
        assertThat(err()).contains(part).doesNotContain("\tat ").hasLineCount(1);
        assertThat(out()).isEmpty();
    }

    /** Of a vertex in what was printed. */
    private String id(String vertex) {
        return out().lines()
                .filter(line -> line.startsWith("\"" + vertex + "\""))
                .map(line -> line.replaceAll(".*\\(([0-9a-f]{32})\\).*", "$1"))
                .findFirst()
                .orElse("missing");
    }

    private int run(String... args) {
        out.reset();
        err.reset();
        Configuration configuration = new Configuration();
        configuration.set(JobManagerOptions.ADDRESS, "127.0.0.1");
        return new TernCliFrontend(
                        configuration,
                        CliFrontend.loadCustomCommandLines(configuration, confDir.toString()),
                        confDir,
                        System.out)
                .parseAndRun(args);
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
