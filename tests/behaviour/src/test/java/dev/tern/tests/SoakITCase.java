package dev.tern.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.rescale.config.RescaleOptions;
import dev.tern.rescale.request.RescaleOutcome;
import dev.tern.rescale.request.RescaleRecord;
import dev.tern.tests.SoakPlan.Job;
import dev.tern.tests.SoakPlan.Rescale;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.MemorySize;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * Random rescales of random jobs with random faults, for long, as a {@link SoakPlan} has it. Prints
 * its seed and its plan; {@code -Dtern.soak.seed} does the same again.
 */
@DisabledIfSystemProperty(
        named = "tern.soak.rescales",
        matches = "0",
        disabledReason = "long; run it with -Psoak")
class SoakITCase {

    @TempDir private Path directory;

    private final Map<RescaleOutcome, Integer> outcomes = new EnumMap<>(RescaleOutcome.class);

    @Test
    void nothingIsEverLost() throws Exception {
        int rescales = Integer.getInteger("tern.soak.rescales");
        String given = System.getProperty("tern.soak.seed", "");
        long seed = given.isBlank() ? new Random().nextLong() : Long.parseLong(given);
        SoakPlan plan = SoakPlan.draw(seed, rescales);
        say("%d rescales, -Dtern.soak.seed=%d%n%s", rescales, seed, plan);
        Path temporary = Files.createDirectories(directory.resolve("tmp"));
        Configuration configuration = configuration(temporary);
        try (RescalableCluster cluster = new RescalableCluster(configuration, 4)) {
            for (int i = 0; i < plan.jobs().size(); i++) {
                Job job = plan.jobs().get(i);
                Configuration ofJob = job.backend().inJob(configuration);
                job.checkpoints().configure(ofJob);
                String run = "soak-" + seed + "-" + i;
                SoakJob started = SoakJob.start(cluster, ofJob, directory, run);
                if (!job.backend().isOnHeap() && Databases.canSeeOpenFiles()) {
                    // Or nobody would see one that is left open.
                    assertThat(Databases.openFiles(temporary)).isNotEmpty();
                }
                run(job, started, i);
                Leaks.assertNone(cluster, temporary);
            }
        }
        say("%s", outcomes);
        assertThat(outcomes.values().stream().mapToInt(Integer::intValue).sum())
                .isGreaterThanOrEqualTo(rescales * 4 / 5);
    }

    private void run(Job plan, SoakJob job, int number) throws Exception {
        for (Rescale planned : plan.rescales()) {
            say("job %d (%s) %s", number, plan.backend(), planned);
            Optional<RescaleRecord> rescale = job.rescale(planned);
            rescale.ifPresent(record -> outcomes.merge(record.outcome(), 1, Integer::sum));
            say("  %s", rescale.map(SoakITCase::show).orElse("there already"));
        }
        job.finish();
    }

    private static String show(RescaleRecord rescale) {
        return String.format(
                "%d to %d %s in %s%s",
                rescale.from(),
                rescale.to(),
                rescale.outcome(),
                rescale.state(),
                rescale.error() == null ? "" : ": " + rescale.error());
    }

    private static void say(String format, Object... values) {
        System.out.printf("soak: " + format + "%n", values);
    }

    private Configuration configuration(Path temporary) {
        Configuration configuration = RescalableCluster.configuration(directory);
        // What is lost is given up after this; nothing else may take as long.
        configuration.set(RescaleOptions.PREPARE_TIMEOUT, Duration.ofSeconds(5));
        configuration.set(RescaleOptions.STEP_TIMEOUT, Duration.ofSeconds(10));
        configuration.set(RescaleOptions.STEP_SIZE, MemorySize.parse("1kb"));
        configuration.set(RescaleOptions.TRANSFER_BY_REFERENCE, false);
        configuration.set(CoreOptions.TMP_DIRS, temporary.toString());
        return configuration;
    }
}
