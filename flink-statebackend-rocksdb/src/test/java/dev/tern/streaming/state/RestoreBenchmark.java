package dev.tern.streaming.state;

import dev.tern.rescale.plan.MinimalPlacement;
import dev.tern.rescale.plan.Ownership;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.checkpoint.CheckpointType;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.runtime.state.storage.FileSystemCheckpointStorage;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What it costs to restore the same state at the same parallelism after a rescale with placement
 * minimal and without one. All subtasks are restored, one after the other; the two kinds of
 * checkpoint take turns, and ratios of medians are printed. Arguments: MiB of state, rounds.
 */
public final class RestoreBenchmark {

    private RestoreBenchmark() {}

    public static void main(String[] args) throws Exception {
        int mib = args.length > 0 ? Integer.parseInt(args[0]) : 200;
        int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 7;
        Map<String, Supplier<StateBackend>> backends = new LinkedHashMap<>();
        backends.put("heap", HashMapStateBackend::new);
        backends.put("RocksDB", () -> rocks(new OnRocks()));
        backends.put("RocksDB, imports", () -> rocks(new OnRocks.WithImports()));
        for (Map.Entry<String, Supplier<StateBackend>> backend : backends.entrySet()) {
            HarnessSubtask.useBackend(backend.getValue());
            compare(backend.getKey(), mib, rounds, 2, 4);
            compare(backend.getKey(), mib, rounds, 2, 4, 3);
            compare(backend.getKey(), mib, rounds, 3, 4);
        }
    }

    private static StateBackend rocks(OnRocks kind) {
        Configuration configuration = kind.configuration();
        return OnRocks.backend(configuration);
    }

    private static void compare(String backend, int mib, int rounds, int... parallelisms)
            throws Exception {
        Ownership moved =
                Ownership.contiguous(HarnessSubtask.MAX_PARALLELISM, parallelisms[0]);
        for (int next : Arrays.copyOfRange(parallelisms, 1, parallelisms.length)) {
            moved = new MinimalPlacement().place(moved, next);
        }
        int parallelism = moved.parallelism();
        Path directory = Files.createTempDirectory("restore");
        FiledSnapshot interleaved = snapshot(moved, mib, directory);
        FiledSnapshot contiguous =
                snapshot(
                        Ownership.contiguous(HarnessSubtask.MAX_PARALLELISM, parallelism),
                        mib,
                        directory);
        List<double[]> stock = new ArrayList<>();
        List<double[]> ours = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            stock.add(restore(contiguous, parallelism));
            ours.add(restore(interleaved, parallelism));
        }
        System.out.printf(
                Locale.ROOT,
                "%s, %s, %d MiB, owned as %s: %.0f ms (%.0f ms of processors) against %.0f ms"
                        + " (%.0f), ratio %.2f (%.2f)%n",
                backend,
                Arrays.toString(parallelisms),
                mib,
                Arrays.toString(moved.toTable()),
                median(ours, 0),
                median(ours, 1),
                median(stock, 0),
                median(stock, 1),
                median(ours, 0) / median(stock, 0),
                median(ours, 1) / median(stock, 1));
    }

    private static FiledSnapshot snapshot(Ownership ownership, int mib, Path directory)
            throws Exception {
        List<HarnessSubtask> subtasks = new ArrayList<>();
        try {
            for (int subtask = 0; subtask < ownership.parallelism(); subtask++) {
                HarnessSubtask opened =
                        HarnessSubtask.open(
                                        BulkFunction.operator(), ownership.parallelism(), subtask)
                                .widen();
                opened.harness.setCheckpointStorage(
                        new FileSystemCheckpointStorage(directory.toUri()));
                subtasks.add(opened);
            }
            int keys = (int) ((long) mib * (1 << 20) / (BulkFunction.VALUE_BYTES + 40));
            for (int key = 0; key < keys; key++) {
                subtasks.get(ownership.ownerOf(HarnessSubtask.keyGroupOf(key))).send(key, 1);
            }
            return FiledSnapshot.unwritten(
                    subtasks, ownership.toTable(), CheckpointType.CHECKPOINT);
        } finally {
            for (HarnessSubtask subtask : subtasks) {
                subtask.close();
            }
        }
    }

    /** Milliseconds of the clock and of the processors. */
    private static double[] restore(FiledSnapshot snapshot, int parallelism) throws Exception {
        double[] millis = new double[2];
        for (int subtask = 0; subtask < parallelism; subtask++) {
            System.gc();
            long start = System.nanoTime();
            long cpu = RocksMoveBenchmark.processCpuNanos();
            HarnessSubtask restored =
                    HarnessSubtask.restore(
                            BulkFunction.operator(),
                            parallelism,
                            subtask,
                            snapshot.assigned(parallelism, subtask));
            millis[0] += (System.nanoTime() - start) / 1e6;
            millis[1] += (RocksMoveBenchmark.processCpuNanos() - cpu) / 1e6;
            restored.close();
        }
        return millis;
    }

    private static double median(List<double[]> rounds, int figure) {
        double[] sorted = rounds.stream().mapToDouble(round -> round[figure]).sorted().toArray();
        return sorted[sorted.length / 2];
    }
}
