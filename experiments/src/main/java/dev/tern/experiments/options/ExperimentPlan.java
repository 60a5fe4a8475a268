package dev.tern.experiments.options;

import static java.util.Objects.requireNonNull;

import dev.tern.experiments.matrix.Arm;
import dev.tern.experiments.matrix.Engine;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Everything that is decided about an experiment before it starts.
 *
 * @param workload the job, such as keycount
 * @param engines what is compared
 * @param backend heap or rocksdb
 * @param stateBytes size of the keyed state before the rescale
 * @param from parallelism before
 * @param to parallelism after
 * @param pairs runs per engine
 * @param rate offered load in records per second
 * @param strategies names of the migration strategies of tern, one run of a pair for each
 * @param placement name of the placement planner, for tern
 * @param seed of order, generator and bootstrap
 * @param warmup between the end of the fill and the base window
 * @param base length of the base window
 * @param horizon what is observed after the trigger
 * @param checkpointInterval of the job
 * @param flinkOptions for the cluster of every engine alike; they win over those of the harness
 * @param out where results go
 */
public record ExperimentPlan(
        String workload,
        List<Engine> engines,
        String backend,
        long stateBytes,
        int from,
        int to,
        int pairs,
        int rate,
        List<String> strategies,
        String placement,
        long seed,
        Duration warmup,
        Duration base,
        Duration horizon,
        Duration checkpointInterval,
        Map<String, String> flinkOptions,
        Path out) {

    /** Bytes of state per key: the reference job holds one {@code byte[1000]} per key. */
    public static final int VALUE_BYTES = 1000;

    /** Key groups of the reference job. */
    public static final int MAX_PARALLELISM = 128;

    public ExperimentPlan {
        requireNonNull(out, "out");
        engines = List.copyOf(engines);
        strategies = List.copyOf(strategies);
        flinkOptions = Map.copyOf(flinkOptions);
        require(workload.equals("keycount"), "workload", workload, "keycount");
        require(
                backend.equals("heap") || backend.equals("rocksdb"),
                "backend",
                backend,
                "heap or rocksdb");
        require(
                backend.equals("rocksdb") || !engines.contains(Engine.STOCK_INGEST),
                "engine",
                Engine.STOCK_INGEST.label(),
                "--backend rocksdb with it");
        require(stateBytes >= VALUE_BYTES, "state", stateBytes, "at least " + VALUE_BYTES);
        require(!strategies.isEmpty(), "strategy", strategies, "at least one");
        require(from >= 1 && from <= MAX_PARALLELISM, "from", from, "1 to " + MAX_PARALLELISM);
        require(to >= 1 && to <= MAX_PARALLELISM, "to", to, "1 to " + MAX_PARALLELISM);
        require(from != to, "to", to, "other than from");
        require(pairs >= 1, "pairs", pairs, "at least 1");
        require(rate >= 1, "rate", rate, "at least 1");
        require(!warmup.isNegative(), "warmup", warmup, "not negative");
        require(base.toSeconds() >= 1, "base", base, "at least 1 s");
        require(horizon.toSeconds() >= 1, "horizon", horizon, "at least 1 s");
    }

    /** How many keys hold the wanted state. */
    public int keys() {
        return Math.toIntExact(stateBytes / VALUE_BYTES);
    }

    /** Everything that is compared. */
    public List<Arm> arms() {
        return Arm.of(engines, strategies);
    }

    /** The largest parallelism that is needed at any time. */
    public int slots() {
        return Math.max(from, to);
    }

    private static void require(boolean holds, String option, Object actual, String expected) {
        if (!holds) {
            throw new IllegalArgumentException(
                    "Option --" + option + ": expected " + expected + ", got " + actual + ".");
        }
    }
}
