package dev.tern.processes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.experiments.cluster.ClusterSettings;
import dev.tern.experiments.cluster.LocalCluster;
import dev.tern.experiments.cluster.ServerProcess;
import dev.tern.processes.job.UnbrokenSequences;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.Map;

/**
 * The JobManager is killed with kill -9 after, before and in the middle of rescales, and another
 * one takes over through a real ZooKeeper: the wanted parallelism survives, no record is lost.
 */
class HighAvailabilityITCase {

    @TempDir private Path directory;

    @Test
    void theWantedParallelismSurvivesTheJobManager() throws Exception {
        Path jar = JobJar.of(UnbrokenSequences.class, directory);
        try (ZooKeeperServer zooKeeper = ZooKeeperServer.start(directory.resolve("zookeeper"));
                LocalCluster cluster =
                        LocalCluster.start(
                                Distribution.directory(),
                                settings(zooKeeper),
                                directory.resolve("cluster"))) {
            SequencesJob job =
                    SequencesJob.start(cluster, jar, 2, 1_000, directory.resolve("hold"));

            // After a rescale, before any checkpoint of the new parallelism need be there.
            job.put(3);
            assertThat(job.awaitRescales(1).mode()).isEqualTo("LIVE");
            failOver(cluster);
            job.awaitRunningAt(3);
            assertThat(job.wanted()).isEqualTo(3);

            // Before the next one, which the new JobManager carries out live.
            job.put(4);
            assertThat(job.awaitRescales(1).mode()).isEqualTo("LIVE");
            job.awaitRunningAt(4);

            // In the middle: the rescale waits for a TaskManager that says nothing.
            ServerProcess silent = cluster.taskManagers().get(0);
            silent.pause();
            job.put(2);
            job.awaitState("PREFLIGHT");
            cluster.killJobManager();
            silent.resume();
            cluster.restartJobManager();
            job.awaitRunningAt(2);
            assertThat(job.wanted()).isEqualTo(2);
            job.assertExact();
        }
    }

    private static void failOver(LocalCluster cluster) throws Exception {
        cluster.killJobManager();
        cluster.restartJobManager();
    }

    private ClusterSettings settings(ZooKeeperServer zooKeeper) {
        return new ClusterSettings(
                2,
                2,
                128,
                Map.of(
                        "high-availability.type", "zookeeper",
                        "high-availability.zookeeper.quorum", zooKeeper.quorum(),
                        "high-availability.zookeeper.client.session-timeout", "6000",
                        "high-availability.storageDir", directory.resolve("ha").toUri().toString(),
                        "high-availability.cluster-id", "/tern",
                        "execution.checkpointing.interval", "300 ms",
                        "restart-strategy.type", "fixed-delay",
                        "restart-strategy.fixed-delay.attempts", "100",
                        "restart-strategy.fixed-delay.delay", "100 ms"));
    }
}
