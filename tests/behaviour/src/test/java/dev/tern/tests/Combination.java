package dev.tern.tests;

import dev.tern.rescale.config.RescaleOptions;
import dev.tern.rescale.request.RescaleRequest;
import dev.tern.rescale.strategy.StrategyCatalog;

import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * One way to rescale a job, of all there are.
 *
 * @param strategy how key groups move
 * @param backend where state is kept
 * @param placement who gets which key group
 * @param checkpoints how barriers travel
 */
record Combination(
        String strategy, Backend backend, String placement, CheckpointMode checkpoints) {

    enum CheckpointMode {
        ALIGNED,
        UNALIGNED,
        ALIGNED_WITH_TIMEOUT;

        void configure(Configuration configuration) {
            configuration.set(CheckpointingOptions.ENABLE_UNALIGNED, this != ALIGNED);
            configuration.set(
                    CheckpointingOptions.ALIGNED_CHECKPOINT_TIMEOUT,
                    this == ALIGNED_WITH_TIMEOUT ? Duration.ofMillis(20) : Duration.ZERO);
        }
    }

    private static final List<Backend> BACKENDS =
            List.of(Backend.HEAP, Backend.ROCKSDB, Backend.ROCKSDB_FULL);

    private static final long ANY_STEP_BYTES = 1;

    /** The whole product: what the catalog offers, so that no strategy is left out. */
    static List<Combination> all() {
        StrategyCatalog catalog =
                StrategyCatalog.load(Combination.class.getClassLoader(), ANY_STEP_BYTES);
        List<Combination> all = new ArrayList<>();
        for (String strategy : catalog.strategyNames()) {
            for (Backend backend : BACKENDS) {
                for (String placement : catalog.placementNames()) {
                    for (CheckpointMode checkpoints : CheckpointMode.values()) {
                        all.add(new Combination(strategy, backend, placement, checkpoints));
                    }
                }
            }
        }
        return all;
    }

    /** The default, the one that differs from it in all but the backend, another backend, drrs. */
    static List<Combination> core() {
        return List.of(
                new Combination("aligned", Backend.HEAP, "minimal", CheckpointMode.ALIGNED),
                new Combination("stepwise", Backend.HEAP, "contiguous", CheckpointMode.UNALIGNED),
                new Combination("stepwise", Backend.ROCKSDB, "minimal", CheckpointMode.ALIGNED),
                new Combination("drrs", Backend.HEAP, "contiguous", CheckpointMode.ALIGNED),
                new Combination("drrs", Backend.ROCKSDB, "minimal", CheckpointMode.UNALIGNED));
    }

    Configuration configuration(Path directory) {
        Configuration configuration =
                backend.configure(RescalableCluster.configuration(directory));
        checkpoints.configure(configuration);
        // Small, so that there are several steps where a strategy has steps.
        configuration.set(RescaleOptions.STEP_SIZE, MemorySize.parse("1kb"));
        configuration.set(RescaleOptions.TRANSFER_BY_REFERENCE, placement.equals("contiguous"));
        return configuration;
    }

    /** A rescale in this way; by a restart where it cannot be live. */
    RescaleRequest request(String vertex, int parallelism) {
        return RescaleRequest.of(vertex, parallelism, strategy, placement, false, true);
    }
}
