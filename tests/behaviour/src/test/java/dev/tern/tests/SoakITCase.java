package dev.tern.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.rescale.config.RescaleOptions;
import dev.tern.rescale.request.RescaleOutcome;
import dev.tern.rescale.request.RescaleRecord;
import dev.tern.rescale.request.RescaleRequest;
import dev.tern.rescale.request.RescaleState;
import dev.tern.rescale.strategy.StrategyCatalog;
import dev.tern.tests.Injection.Disturbance;
import dev.tern.tests.Injection.Target;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.runtime.jobgraph.JobGraph;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Random rescales of random jobs with random faults, for long. Everything is drawn from one seed,
 * which is printed; {@code -Dtern.soak.seed} draws the same again.
 */
@DisabledIfSystemProperty(
        named = "tern.soak.rescales",
        matches = "0",
        disabledReason = "long; run it with -Psoak")
class SoakITCase {

    private static final Logger LOG = LoggerFactory.getLogger(SoakITCase.class);

    private static final int RESCALES_OF_A_JOB = 20;
    private static final long RECORDS = 1_000_000;
    private static final double RATE = 5_000;
    private static final int MAX_PARALLELISM = 6;

    @TempDir private Path directory;

    private final Map<RescaleOutcome, Integer> outcomes = new EnumMap<>(RescaleOutcome.class);

    @Test
    void nothingIsEverLost() throws Exception {
        int rescales = Integer.getInteger("tern.soak.rescales");
        String given = System.getProperty("tern.soak.seed", "");
        long seed = given.isBlank() ? new Random().nextLong() : Long.parseLong(given);
        System.out.println("soak: " + rescales + " rescales, -Dtern.soak.seed=" + seed);
        Random random = new Random(seed);
        Path temporary = Files.createDirectories(directory.resolve("tmp"));
        Configuration configuration = configuration(temporary);
        try (RescalableCluster cluster = new RescalableCluster(configuration, 4)) {
            for (int done = 0; done < rescales; done += RESCALES_OF_A_JOB) {
                soak(
                        cluster,
                        configuration,
                        "soak-" + seed + "-" + done,
                        Math.min(RESCALES_OF_A_JOB, rescales - done),
                        random);
                Leaks.assertNone(cluster, temporary);
            }
        }
        System.out.println("soak: " + outcomes);
        assertThat(outcomes.values().stream().mapToInt(Integer::intValue).sum())
                .isGreaterThanOrEqualTo(rescales * 4 / 5);
    }

    private void soak(
            RescalableCluster cluster,
            Configuration configuration,
            String run,
            int rescales,
            Random random)
            throws Exception {
        JobGraph graph = CountingJob.graph(configuration, run, RECORDS, RATE);
        Injection injection = Injection.of(graph.getJobID());
        Observations observed = Observations.of(run);
        cluster.submit(graph);
        cluster.awaitRunning();
        RescalableCluster.waitUntil("records flow", () -> observed.records() > 300);
        cluster.awaitCheckpoint();
        int from = 2;
        for (int i = 0; i < rescales; i++) {
            // Another one than last time; what was undone may make it the present one again.
            int to = 1 + (from + random.nextInt(MAX_PARALLELISM - 1)) % MAX_PARALLELISM;
            // Drawn whatever happens, so that a seed means the same on every machine.
            RescaleRequest request = request(to, random);
            String fault = harm(injection, run, Math.min(from, to), random);
            int present = awaitParallelism(cluster);
            LOG.info("{} {}: {} to {}, {}", run, i, present, to, fault);
            if (present != to) {
                RescaleRecord rescale = cluster.rescaleWhenRunning(request);
                outcomes.merge(rescale.outcome(), 1, Integer::sum);
            }
            Failures.disarm(run);
            injection.calm();
            from = to;
        }
        awaitParallelism(cluster);
        Pace.hurry(run);
        cluster.awaitResult();
        assertThat(observed.distinct()).as(run).isEqualTo(RECORDS);
        assertThat(observed.keysWithHoles()).as(run).isZero();
        assertThat(observed.notes()).as(run).isEmpty();
    }

    private static RescaleRequest request(int to, Random random) {
        StrategyCatalog catalog = StrategyCatalog.load(SoakITCase.class.getClassLoader(), 1);
        return RescaleRequest.of(
                CountingJob.COUNT,
                to,
                any(List.copyOf(catalog.strategyNames()), random),
                any(List.copyOf(catalog.placementNames()), random),
                false,
                false);
    }

    /** Arms one fault, or none; returns its name. */
    private static String harm(Injection injection, String run, int subtasks, Random random) {
        int kind = random.nextInt(8);
        int subtask = random.nextInt(subtasks);
        RescaleState state = any(FaultCase.states(), random);
        Target target = any(FaultCase.all(), random).target();
        Disturbance disturbance =
                any(
                        List.of(
                                Disturbance.LOSE_COMMAND,
                                Disturbance.LOSE_REPLY,
                                Disturbance.REFUSE,
                                Disturbance.FAIL_TASK),
                        random);
        switch (kind) {
            case 0 -> Failures.arm(run, subtask);
            case 1 -> injection.breakIn(state);
            case 2, 3 -> {
                if (target != null) {
                    injection.disturb(target, disturbance);
                    return disturbance + " " + target;
                }
            }
            default -> {}
        }
        return kind == 0 ? "subtask " + subtask + " fails" : kind == 1 ? "breaks in " + state : "";
    }

    private static int awaitParallelism(RescalableCluster cluster) throws Exception {
        cluster.awaitRunning();
        RescalableCluster.waitUntil(
                "the job is there", () -> cluster.restarts(CountingJob.CHECK) >= 0);
        return cluster.parallelism(CountingJob.COUNT);
    }

    private static <T> T any(List<T> of, Random random) {
        return of.get(random.nextInt(of.size()));
    }

    private Configuration configuration(Path temporary) {
        Configuration configuration = RescalableCluster.configuration(directory);
        configuration.set(RescaleOptions.PREPARE_TIMEOUT, Duration.ofMillis(1_500));
        configuration.set(RescaleOptions.STEP_TIMEOUT, Duration.ofSeconds(4));
        configuration.set(RescaleOptions.STEP_SIZE, MemorySize.parse("1kb"));
        configuration.set(RescaleOptions.TRANSFER_BY_REFERENCE, false);
        configuration.set(CoreOptions.TMP_DIRS, temporary.toString());
        return configuration;
    }
}
