package dev.tern.tests;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.flink.runtime.io.network.buffer.NetworkBufferPool;
import org.apache.flink.runtime.resourcemanager.ResourceOverview;

import java.nio.file.Path;
import java.util.List;

/**
 * What a rescale must not leave behind: hold of a database; and what a job must not, once it is over:
 * slots, network buffers, threads, files, open ones too.
 */
final class Leaks {

    private Leaks() {}

    /** While the job runs on: nobody but checkpoints, and these for moments only. */
    static void assertNoDatabaseIsHeld() throws Exception {
        RescalableCluster.waitUntil(
                "nobody holds a database", () -> Databases.held().isEmpty(), Databases::held);
    }

    /**
     * @param temporary the directory for temporary files of all TaskManagers
     */
    static void assertNone(RescalableCluster cluster, Path temporary) throws Exception {
        RescalableCluster.waitUntil(
                "all slots are free",
                () -> {
                    ResourceOverview slots = cluster.cluster().getResourceOverview().get();
                    return slots.getNumberFreeSlots() == slots.getNumberRegisteredSlots();
                });
        RescalableCluster.waitUntil(
                "all network buffers are back",
                () -> InjectingTaskHooks.networkBufferPools().stream().allMatch(Leaks::isWhole),
                () -> InjectingTaskHooks.networkBufferPools().stream().map(Leaks::show).toList());
        RescalableCluster.waitUntil(
                "the threads of the transfer have ended",
                () -> transferThreads().isEmpty(),
                Leaks::transferThreads);
        RescalableCluster.waitUntil(
                "the agents of all tasks are gone",
                () -> InjectingTaskHooks.agents() == 0,
                InjectingTaskHooks::agents);
        assertThat(FilesBelow.named(temporary, name -> name.startsWith("tern-set-aside"))).isEmpty();
        RescalableCluster.waitUntil(
                "all files are closed",
                () -> Databases.openFiles(temporary).isEmpty(),
                () -> Databases.openFiles(temporary));
        assertThat(FilesBelow.named(temporary, name -> name.endsWith(".sst"))).isEmpty();
    }

    private static boolean isWhole(NetworkBufferPool pool) {
        return pool.isDestroyed()
                || pool.getNumberOfAvailableMemorySegments()
                                == pool.getTotalNumberOfMemorySegments()
                        && pool.getNumberOfRegisteredBufferPools() == 0;
    }

    private static String show(NetworkBufferPool pool) {
        return pool.getNumberOfAvailableMemorySegments()
                + " of "
                + pool.getTotalNumberOfMemorySegments()
                + ", "
                + pool.getNumberOfRegisteredBufferPools()
                + " pools";
    }

    private static List<String> transferThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("tern-transfer"))
                .sorted()
                .toList();
    }
}
