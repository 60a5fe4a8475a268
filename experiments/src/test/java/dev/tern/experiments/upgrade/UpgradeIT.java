package dev.tern.experiments.upgrade;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.experiments.cluster.ClusterSettings;
import dev.tern.experiments.cluster.CommandResult;
import dev.tern.experiments.cluster.JobSubmission;
import dev.tern.experiments.cluster.LocalCluster;
import dev.tern.experiments.cluster.Poll;
import dev.tern.experiments.cluster.RescaleByHand;
import dev.tern.experiments.kafka.KafkaBroker;
import dev.tern.experiments.kafka.RandomText;
import dev.tern.experiments.kafka.TextProducer;
import dev.tern.experiments.quickstart.CountCheck;
import dev.tern.experiments.quickstart.WordCensus;
import dev.tern.experiments.rest.JobRest;
import dev.tern.experiments.rest.LiveProof;
import dev.tern.experiments.rest.ProvenMode;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One job goes from stock Flink to this distribution and back, twice, by savepoints and a retained
 * checkpoint, at equal and at other parallelism, with live rescales in between that leave ownership
 * non-contiguous. Every word is counted exactly once on the whole way.
 */
class UpgradeIT {

    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final Duration OFTEN = Duration.ofMillis(200);
    private static final Pattern SAVEPOINT = Pattern.compile("Savepoint completed. Path: (\\S+)");
    private static final String TOPIC = "words";
    private static final int PORTIONS = 8;
    private static final int LINES_PER_PORTION = 1_500;
    private static final int LINES_PER_SECOND = 2_000;
    private static final int SLOTS_PER_TASK_MANAGER = 3;

    private static Path tern;
    private static Path stock;

    @TempDir private Path directory;

    private final List<String> text = RandomText.lines(PORTIONS * LINES_PER_PORTION, 7);
    private WordCensus census;
    private Path output;
    private KafkaBroker broker;
    private String backend;
    private boolean incremental;
    private String savepointFormat;
    private int portions;

    @BeforeAll
    static void findDistributions() throws Exception {
        tern = Path.of(System.getProperty("tern.distribution", "../build-target"));
        CommandResult made =
                CommandResult.of(
                        List.of(
                                "../tools/stock-distribution.sh",
                                Path.of("target/stock").toAbsolutePath().toString()),
                        Map.of(),
                        PATIENCE,
                        line -> {});
        stock = Path.of(made.orThrow().output().strip());
    }

    static Stream<Arguments> stateAndSavepoints() {
        Stream<Arguments> core = Stream.of(Arguments.of("rocksdb", true, "native"));
        return Boolean.getBoolean("tern.conformance.full")
                ? Stream.concat(
                        core,
                        Stream.of(
                                Arguments.of("hashmap", false, "canonical"),
                                Arguments.of("hashmap", false, "native"),
                                Arguments.of("rocksdb", false, "native"),
                                Arguments.of("rocksdb", true, "canonical")))
                : core;
    }

    @ParameterizedTest
    @MethodSource("stateAndSavepoints")
    void aJobMovesBetweenTheDistributionsAndLosesNothing(
            String stateBackend, boolean incrementalCheckpoints, String savepoints)
            throws Exception {
        backend = stateBackend;
        incremental = incrementalCheckpoints;
        savepointFormat = savepoints;
        output = directory.resolve("output");
        census = WordCensus.of(Files.write(directory.resolve("text.txt"), text));
        try (KafkaBroker kafka = KafkaBroker.start(directory.resolve("kafka"))) {
            broker = kafka;
            broker.createTopic(TOPIC, 2);

            String first = at(stock, 2, null, this::stopWithSavepoint);
            String retained =
                    at(
                            tern,
                            2,
                            first,
                            (cluster, job) -> {
                                assertLive(cluster, job, 4);
                                countPortion();
                                assertLive(cluster, job, 3);
                                countPortion();
                                return cancelAndKeepCheckpoint(cluster, job);
                            });
            String fromStock = at(stock, 3, retained, this::stopWithSavepoint);
            String fromTern =
                    at(
                            tern,
                            3,
                            fromStock,
                            (cluster, job) -> {
                                assertLive(cluster, job, 4);
                                countPortion();
                                return stopWithSavepoint(cluster, job);
                            });
            at(stock, 5, fromTern, this::stopWithSavepoint);
        }
        CountCheck counts = CountCheck.of(output, census);
        assertThat(counts.example()).isEmpty();
        assertThat(counts.lines()).isEqualTo(census.words());
    }

    private interface Stay {
        String endWith(LocalCluster cluster, JobRest job) throws Exception;
    }

    /** Runs the job in one distribution; returns where its state is afterwards. */
    private String at(Path distribution, int counters, String from, Stay stay) throws Exception {
        Path home = directory.resolve("after-" + portions);
        try (LocalCluster cluster = LocalCluster.start(distribution, settings(), home)) {
            String jobId =
                    JobSubmission.submit(
                            cluster,
                            from == null ? List.of() : List.of("-s", from),
                            tern.resolve("examples/KeyCount.jar"),
                            List.of(
                                    "--input", "kafka",
                                    "--topic", TOPIC,
                                    "--kafkaServers", broker.bootstrapServers(),
                                    "--startFromEarliest", "true",
                                    "--counterPar", String.valueOf(counters),
                                    "--sinkInterval", "0",
                                    "--output", output.toString()));
            JobRest job = new JobRest(cluster.rest(), jobId);
            Poll.until("job " + jobId + " to run", PATIENCE, OFTEN, job::isRunning);
            countPortion();
            return stay.endWith(cluster, job);
        }
    }

    /** Produces a portion of the text; waits until its results are committed, and none beyond. */
    private void countPortion() throws Exception {
        List<String> lines =
                text.subList(portions * LINES_PER_PORTION, ++portions * LINES_PER_PORTION);
        try (TextProducer producer = new TextProducer(broker, TOPIC, lines, LINES_PER_SECOND)) {
            producer.start();
            producer.awaitEnd(PATIENCE.toSeconds());
        }
        long words = (long) portions * LINES_PER_PORTION * RandomText.WORDS_PER_LINE;
        Poll.until(
                words + " committed results",
                PATIENCE,
                OFTEN,
                () -> CountCheck.of(output, census).lines() >= words);
        assertThat(CountCheck.of(output, census).lines()).isEqualTo(words);
    }

    private static void assertLive(LocalCluster cluster, JobRest job, int parallelism)
            throws Exception {
        String counter = job.picture().vertexNamed("Counter").id();
        assertThat(RescaleByHand.of(cluster, job, counter, parallelism, line -> {}))
                .isEqualTo(new LiveProof(ProvenMode.LIVE, List.of()));
    }

    private String stopWithSavepoint(LocalCluster cluster, JobRest job) throws Exception {
        String printed =
                cluster.flink(
                                List.of(
                                        "stop",
                                        "--type",
                                        savepointFormat,
                                        "--savepointPath",
                                        directory.resolve("savepoints").toString(),
                                        job.jobId()),
                                PATIENCE,
                                line -> {})
                        .orThrow()
                        .output();
        Matcher path = SAVEPOINT.matcher(printed);
        assertThat(path.find()).as(printed).isTrue();
        return path.group(1);
    }

    private String cancelAndKeepCheckpoint(LocalCluster cluster, JobRest job) throws Exception {
        job.cancel();
        Poll.until(
                "the end of the job", PATIENCE, OFTEN, () -> job.state().equals("CANCELED"));
        return cluster.rest()
                .get("/jobs/" + job.jobId() + "/checkpoints")
                .path("latest")
                .path("completed")
                .path("external_path")
                .asText();
    }

    private ClusterSettings settings() {
        return new ClusterSettings(
                2,
                SLOTS_PER_TASK_MANAGER,
                256,
                Map.of(
                        "execution.checkpointing.interval", "500 ms",
                        "execution.checkpointing.externalized-checkpoint-retention",
                                "RETAIN_ON_CANCELLATION",
                        "execution.checkpointing.incremental", String.valueOf(incremental),
                        "state.backend.type", backend));
    }
}
