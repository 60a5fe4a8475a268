package dev.tern.processes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tern.experiments.cluster.ClusterSettings;
import dev.tern.experiments.cluster.LocalCluster;
import dev.tern.experiments.cluster.ServerProcess;
import dev.tern.experiments.rest.RescaleView;
import dev.tern.processes.job.UnbrokenSequences;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What happens to processes while key groups are on their way: kill -9, SIGSTOP, a full disk. The
 * job fails by itself if a restore loses or repeats anything.
 */
@EnabledIfSystemProperty(
        named = "tern.conformance.full",
        matches = "true",
        disabledReason = "long; run it with -Pconformance")
class ProcessFaultsITCase {

    private static final int SLOTS = 3;

    @TempDir private Path directory;

    private Path jar;
    private Path hold;
    private LocalCluster cluster;
    private SequencesJob job;

    @BeforeEach
    void build() throws Exception {
        jar = JobJar.of(UnbrokenSequences.class, directory);
        hold = directory.resolve("hold");
    }

    @AfterEach
    void stop() throws Exception {
        Files.deleteIfExists(hold);
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    void aTaskManagerIsKilledWhileStateMoves() throws Exception {
        start(Map.of(), 1_000);
        rescaleAndStayInMigrate();
        ServerProcess victim = cluster.taskManagers().get(0);
        cluster.startTaskManager();
        cluster.killTaskManager(victim);
        Files.delete(hold);
        assertRestartedAtFour();
    }

    @Test
    void aTaskManagerThatFallsSilentForAWhileHoldsUpAndBreaksNothing() throws Exception {
        start(Map.of(), 1_000);
        ServerProcess silent = cluster.taskManagers().get(0);
        rescaleAndStayInMigrate();
        silent.pause();
        Files.delete(hold);
        silent.resume();
        RescaleView rescale = job.awaitRescales(1);
        assertThat(rescale.outcome()).as("%s", rescale).isEqualTo("COMPLETED");
        assertThat(rescale.mode()).isEqualTo("LIVE");
        job.awaitRunningAt(4);
        job.assertExact();
    }

    @Test
    void aTaskManagerThatIsGivenUpAndComesBackDoesNoHarm() throws Exception {
        start(Map.of(), 1_000);
        ServerProcess silent = cluster.taskManagers().get(0);
        rescaleAndStayInMigrate();
        silent.pause();
        Files.delete(hold);
        cluster.startTaskManager();
        assertRestartedAtFour();
        silent.resume();
        cluster.awaitSlots(3 * SLOTS);
        job.put(3);
        job.awaitRunningAt(3);
        job.assertExact();
    }

    @Test
    void aFullDiskLeadsToARestart() throws Exception {
        // Each process unpacks Flink's RPC there, 21 MB.
        Path disk = Files.createDirectories(directory.resolve("disk"));
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=100m", "tmpfs", disk.toString()) == 0,
                "a small file system can be mounted, which takes root");
        try {
            start(Map.of("io.tmp.dirs", disk.toString()), 10_000);
            fill(disk.resolve("filler"));
            rescaleAndStayInMigrate();
            RescaleView rescale = job.awaitRescales(1);
            Files.delete(disk.resolve("filler"));
            Files.delete(hold);
            assertThat(rescale.outcome()).as("%s", rescale).isEqualTo("FAILED");
            assertRestartedAtFour();
        } finally {
            cluster.close();
            run("umount", disk.toString());
        }
    }

    private void start(Map<String, String> options, int perSecond) throws Exception {
        Map<String, String> all =
                new HashMap<>(
                        Map.of(
                                "rescale.transfer.by-reference", "false",
                                "rescale.set-aside.memory", "64 kb",
                                "taskmanager.load-balance.mode", "SLOTS",
                                "heartbeat.interval", "1000",
                                "heartbeat.timeout", "6000",
                                "execution.checkpointing.interval", "300 ms",
                                "restart-strategy.type", "fixed-delay",
                                "restart-strategy.fixed-delay.attempts", "100",
                                "restart-strategy.fixed-delay.delay", "100 ms"));
        all.putAll(options);
        cluster =
                LocalCluster.start(
                        Distribution.directory(),
                        new ClusterSettings(2, SLOTS, 128, all),
                        directory.resolve("cluster"));
        job = SequencesJob.start(cluster, jar, 2, perSecond, hold);
    }

    private void rescaleAndStayInMigrate() throws Exception {
        Files.createFile(hold);
        job.put(4);
        job.awaitState("MIGRATE");
    }

    private void assertRestartedAtFour() throws Exception {
        RescaleView rescale = job.awaitRescales(1);
        assertThat(rescale.outcome()).as("%s", rescale).isEqualTo("FAILED");
        job.awaitRunningAt(4);
        assertThat(job.wanted()).isEqualTo(4);
        job.assertExact();
    }

    private static void fill(Path file) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            byte[] block = new byte[4096];
            while (true) {
                out.write(block);
            }
        } catch (IOException full) {
            if (!full.getMessage().contains("No space left")) {
                throw full;
            }
        }
    }

    private static int run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(List.of(command)).inheritIO().start().waitFor();
    }
}
