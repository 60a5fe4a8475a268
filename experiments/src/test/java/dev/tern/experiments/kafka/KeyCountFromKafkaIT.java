package dev.tern.experiments.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.experiments.cluster.ClusterSettings;
import dev.tern.experiments.cluster.JobSubmission;
import dev.tern.experiments.cluster.LocalCluster;
import dev.tern.experiments.cluster.Poll;
import dev.tern.experiments.cluster.RescaleByHand;
import dev.tern.experiments.cluster.ServerProcess;
import dev.tern.experiments.quickstart.CountCheck;
import dev.tern.experiments.quickstart.WordCensus;
import dev.tern.experiments.rest.CheckpointView;
import dev.tern.experiments.rest.JobPicture;
import dev.tern.experiments.rest.JobRest;
import dev.tern.experiments.rest.LiveProof;
import dev.tern.experiments.rest.ProvenMode;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The distribution as a user runs it, fed by a Kafka broker: processes of their own for broker,
 * JobManager and TaskManagers. The counter, with a KafkaSink chained behind it, is rescaled live, then
 * a TaskManager is killed; every word must have been counted exactly once, in the files behind a
 * rebalance and in the topic, and no transaction may be left open.
 */
class KeyCountFromKafkaIT {

    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final Duration OFTEN = Duration.ofMillis(200);
    private static final int LINES = 40_000;
    private static final int LINES_PER_SECOND = 1_000;
    private static final String TOPIC = "words";
    private static final String COUNTED = "counted";
    private static final int SLOTS = 2;

    @TempDir private Path directory;

    @Test
    void countsStayExactThroughLiveRescalesAndTheLossOfATaskManager() throws Exception {
        Path text = Files.write(directory.resolve("text.txt"), RandomText.lines(LINES, 42));
        WordCensus census = WordCensus.of(text);
        Path output = directory.resolve("output");
        Path fromTopic = Files.createDirectories(directory.resolve("from-topic"));
        try (KafkaBroker broker = KafkaBroker.start(directory.resolve("kafka"));
                LocalCluster cluster =
                        LocalCluster.start(distribution(), settings(), directory.resolve("flink"));
                TextProducer producer =
                        new TextProducer(
                                broker, TOPIC, Files.readAllLines(text), LINES_PER_SECOND)) {
            broker.createTopic(TOPIC, 2);
            broker.createTopic(COUNTED, 2);
            JobRest job = submit(cluster, broker, output);
            producer.start();
            awaitCheckpoint(job);
            String counter = job.picture().vertexNamed("Counter").id();

            assertThat(RescaleByHand.of(cluster, job, counter, 4, line -> {}))
                    .isEqualTo(new LiveProof(ProvenMode.LIVE, List.of()));
            awaitCheckpoint(job);
            assertThat(RescaleByHand.of(cluster, job, counter, 3, line -> {}))
                    .isEqualTo(new LiveProof(ProvenMode.LIVE, List.of()));
            awaitCheckpoint(job);

            // Three counters do not fit into one TaskManager, so each of the first two runs some.
            ServerProcess victim = cluster.taskManagers().get(0);
            cluster.startTaskManager();
            cluster.awaitSlots(3 * SLOTS);
            JobPicture before = job.picture();
            cluster.killTaskManager(victim);
            Poll.until(
                    "the job to be restarted after pid " + victim.pid() + " was killed",
                    PATIENCE,
                    OFTEN,
                    () -> job.picture().numRestarts() > before.numRestarts() && job.isRunning());
            assertThat(job.vertex(counter).parallelism()).isEqualTo(3);

            producer.awaitEnd(PATIENCE.toSeconds());
            Poll.until(
                    "all words in committed files",
                    PATIENCE,
                    OFTEN,
                    () -> CountCheck.of(output, census).lines() >= census.words());
            Poll.until(
                    "all words in the topic",
                    PATIENCE,
                    OFTEN,
                    () -> CommittedTopic.read(broker, COUNTED).size() >= census.words());
            Files.write(
                    fromTopic.resolve("counted.txt"), CommittedTopic.read(broker, COUNTED));
            job.cancel();
            Poll.until("the end of the job", PATIENCE, OFTEN, () -> isCanceled(job));
        }
        for (Path results : List.of(output, fromTopic)) {
            CountCheck counts = CountCheck.of(results, census);
            assertThat(counts.example()).as("%s", results).isEmpty();
            assertThat(counts.lines()).isEqualTo((long) LINES * RandomText.WORDS_PER_LINE);
        }
    }

    private static boolean isCanceled(JobRest job) throws IOException {
        return job.state().equals("CANCELED");
    }

    private static Path distribution() {
        Path distribution = Path.of(System.getProperty("tern.distribution", "../build-target"));
        assertThat(distribution.resolve("bin/flink"))
                .as("a built distribution; mvn package -DskipTests makes one")
                .isExecutable();
        return distribution;
    }

    /** Slots for four counters, and a quick detection of a lost TaskManager. */
    private static ClusterSettings settings() {
        return new ClusterSettings(
                2,
                SLOTS,
                384,
                Map.of(
                        "execution.checkpointing.interval", "1 s",
                        "heartbeat.interval", "1000",
                        "heartbeat.timeout", "6000",
                        "restart-strategy.type", "fixed-delay",
                        "restart-strategy.fixed-delay.attempts", "100",
                        "restart-strategy.fixed-delay.delay", "200 ms"));
    }

    private static JobRest submit(LocalCluster cluster, KafkaBroker broker, Path output)
            throws Exception {
        String jobId =
                JobSubmission.submit(
                        cluster,
                        List.of(),
                        distribution().resolve("examples/KeyCount.jar"),
                        List.of(
                                "--input", "kafka",
                                "--topic", TOPIC,
                                "--kafkaServers", broker.bootstrapServers(),
                                "--startFromEarliest", "true",
                                "--counterPar", "2",
                                "--sinkInterval", "0",
                                "--outputTopic", COUNTED,
                                "--output", output.toString()));
        JobRest job = new JobRest(cluster.rest(), jobId);
        Poll.until("job " + jobId + " to run", PATIENCE, OFTEN, job::isRunning);
        return job;
    }

    private static void awaitCheckpoint(JobRest job) throws Exception {
        long last = completed(job);
        Poll.until("a completed checkpoint", PATIENCE, OFTEN, () -> completed(job) > last);
    }

    private static long completed(JobRest job) throws IOException {
        return job.checkpoints().stream()
                .filter(CheckpointView::isCompleted)
                .mapToLong(CheckpointView::id)
                .max()
                .orElse(0);
    }
}
