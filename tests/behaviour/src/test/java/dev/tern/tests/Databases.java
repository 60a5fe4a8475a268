package dev.tern.tests;

import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.state.rocksdb.RocksDBKeyedStateBackend;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.runtime.tasks.StreamOperatorWrapper;
import org.apache.flink.streaming.runtime.tasks.StreamTask;
import org.apache.flink.util.ResourceGuard;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.stream.Stream;

/**
 * The RocksDB databases of the tasks that have been told of a rescale, and who holds them. Any
 * thread.
 */
final class Databases {

    /** What Linux knows of the files that this process has open; elsewhere there is none. */
    private static final Path OPEN_FILES = Path.of("/proc/self/fd");

    private static final Set<StreamTask<?, ?>> TASKS =
            Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    private Databases() {}

    static void seen(StreamTask<?, ?> task) {
        TASKS.add(task);
    }

    /**
     * What is held of databases that are open: snapshots, and leases, without which nothing of a
     * database is read or written by threads other than the task's own.
     */
    static List<String> held() throws Exception {
        List<String> held = new ArrayList<>();
        for (RocksDBKeyedStateBackend<?> database : open()) {
            try (ResourceGuard.Lease own = database.rocksDBResourceGuard.acquireResource()) {
                int leases = database.rocksDBResourceGuard.getLeaseCount() - 1;
                long snapshots = database.db.getLongProperty("rocksdb.num-snapshots");
                if (leases > 0 || snapshots > 0) {
                    held.add(leases + " leases and " + snapshots + " snapshots of " + database);
                }
            } catch (IOException closed) {
                // Its task has ended meanwhile.
            }
        }
        return held;
    }

    /** Whether {@link #openFiles} can tell. */
    static boolean canSeeOpenFiles() {
        return Files.isDirectory(OPEN_FILES);
    }

    /** How many are open. */
    static int count() {
        return open().size();
    }

    private static List<RocksDBKeyedStateBackend<?>> open() {
        List<RocksDBKeyedStateBackend<?>> open = new ArrayList<>();
        for (StreamTask<?, ?> task : List.copyOf(TASKS)) {
            if (!task.isRunning()) {
                continue;
            }
            for (StreamOperatorWrapper<?, ?> wrapper : task.operatorChain.getAllOperators()) {
                if (wrapper.getStreamOperator() instanceof AbstractStreamOperator<?> operator) {
                    KeyedStateBackend<?> backend = operator.getKeyedStateBackend();
                    if (backend instanceof RocksDBKeyedStateBackend<?> database) {
                        open.add(database);
                    }
                }
            }
        }
        return open;
    }

    /**
     * Files below a directory that this process has open, deleted ones included, but without the jar
     * that Flink's RPC is loaded from.
     */
    static List<String> openFiles(Path directory) throws IOException {
        List<String> open = new ArrayList<>();
        if (!canSeeOpenFiles()) {
            return open;
        }
        try (Stream<Path> descriptors = Files.list(OPEN_FILES)) {
            for (Path descriptor : descriptors.toList()) {
                try {
                    String file = Files.readSymbolicLink(descriptor).toString();
                    if (file.startsWith(directory.toString()) && !file.endsWith(".jar")) {
                        open.add(file);
                    }
                } catch (IOException closedMeanwhile) {
                    continue;
                }
            }
        }
        return open;
    }
}
