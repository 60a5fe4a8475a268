package dev.tern.tests;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.flink.runtime.io.network.buffer.NetworkBufferPool;
import org.apache.flink.runtime.resourcemanager.ResourceOverview;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a job must not leave behind once it is over: slots, network buffers, threads, files, open
 * databases.
 */
final class Leaks {

    /** What Linux knows of the files that this process has open; elsewhere there is none. */
    private static final Path OPEN_FILES = Path.of("/proc/self/fd");

    /** How the directory of an instance of RocksDB begins. */
    private static final String DATABASE = "job_";

    private Leaks() {}

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
        assertThat(files(temporary, "tern-set-aside")).isEmpty();
        assertThat(files(temporary, DATABASE)).isEmpty();
        assertThat(openDatabaseFiles(temporary)).isEmpty();
    }

    /** While a job has databases they must be seen, or nobody would see one that it leaves open. */
    static void assertSeesDatabases(Path temporary) throws IOException {
        if (Files.isDirectory(OPEN_FILES)) {
            assertThat(openDatabaseFiles(temporary)).isNotEmpty();
        }
    }

    /** Files of RocksDB that are open, though they may be deleted: a handle that nobody closed. */
    private static List<String> openDatabaseFiles(Path temporary) throws IOException {
        if (!Files.isDirectory(OPEN_FILES)) {
            return List.of();
        }
        try (Stream<Path> open = Files.list(OPEN_FILES)) {
            return open.map(Leaks::targetOf)
                    .filter(file -> file.startsWith(temporary.toString()))
                    .filter(file -> file.contains("/" + DATABASE))
                    .toList();
        }
    }

    private static String targetOf(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException closedMeanwhile) {
            return "";
        }
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

    private static List<Path> files(Path temporary, String prefix) throws IOException {
        List<Path> files = new ArrayList<>();
        Files.walkFileTree(
                temporary,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(Path it, BasicFileAttributes ignored) {
                        return visitFile(it, ignored);
                    }

                    @Override
                    public FileVisitResult visitFile(Path it, BasicFileAttributes ignored) {
                        if (it.getFileName().toString().startsWith(prefix)) {
                            files.add(it);
                        }
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFileFailed(Path deleted, IOException ignored) {
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(Path it, IOException ignored) {
                        return FileVisitResult.CONTINUE;
                    }
                });
        return files;
    }
}
