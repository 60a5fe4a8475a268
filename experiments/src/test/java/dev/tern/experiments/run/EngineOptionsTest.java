package dev.tern.experiments.run;

import static org.apache.flink.configuration.JobManagerOptions.SCHEDULER_EXECUTING_COOLDOWN_AFTER_RESCALING;
import static org.apache.flink.configuration.JobManagerOptions.SCHEDULER_EXECUTING_RESOURCE_STABILIZATION_TIMEOUT;
import static org.apache.flink.configuration.JobManagerOptions.SCHEDULER_RESCALE_TRIGGER_MAX_DELAY;
import static org.apache.flink.configuration.JobManagerOptions.SCHEDULER_SUBMISSION_RESOURCE_STABILIZATION_TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.experiments.matrix.Engine;
import dev.tern.experiments.options.ExperimentPlan;

import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.state.rocksdb.RocksDBConfigurableOptions;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The option names are compared with Flink's own, so that a typing error cannot flatter us. */
class EngineOptionsTest {

    private static final String USE_INGEST =
            RocksDBConfigurableOptions.USE_INGEST_DB_RESTORE_MODE.key();

    private static ExperimentPlan plan(String backend, int from, int to) {
        return plan(backend, from, to, Map.of());
    }

    private static ExperimentPlan plan(
            String backend, int from, int to, Map<String, String> flinkOptions) {
        return new ExperimentPlan(
                "keycount",
                List.of(Engine.TERN, Engine.STOCK),
                backend,
                1L << 30,
                from,
                to,
                1,
                5000,
                List.of("aligned"),
                "minimal",
                1,
                Duration.ofSeconds(20),
                Duration.ofSeconds(30),
                Duration.ofSeconds(60),
                Duration.ofSeconds(10),
                flinkOptions,
                Path.of("out"));
    }

    private static Configuration configuration() {
        return Configuration.fromMap(EngineOptions.of(plan("heap", 2, 4), Engine.STOCK));
    }

    @Test
    void whatTheUserSetsReachesEveryEngine() {
        Map<String, String> wanted = Map.of("taskmanager.memory.managed.size", "96m");
        for (Engine engine : Engine.values()) {
            assertThat(EngineOptions.of(plan("heap", 2, 4, wanted), engine))
                    .containsAllEntriesOf(wanted);
        }
    }

    @Test
    void everyOptionIsOneThatFlinkKnows() {
        Set<String> known =
                Stream.<ConfigOption<?>>of(
                                SCHEDULER_EXECUTING_COOLDOWN_AFTER_RESCALING,
                                SCHEDULER_EXECUTING_RESOURCE_STABILIZATION_TIMEOUT,
                                SCHEDULER_SUBMISSION_RESOURCE_STABILIZATION_TIMEOUT,
                                SCHEDULER_RESCALE_TRIGGER_MAX_DELAY,
                                StateBackendOptions.STATE_BACKEND,
                                CheckpointingOptions.CHECKPOINTING_INTERVAL,
                                CheckpointingOptions.CHECKPOINTING_CONSISTENCY_MODE,
                                CheckpointingOptions.MAX_RETAINED_CHECKPOINTS,
                                RestartStrategyOptions.RESTART_STRATEGY,
                                RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS,
                                RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY)
                        .map(ConfigOption::key)
                        .collect(Collectors.toSet());

        assertThat(EngineOptions.of(plan("heap", 2, 4), Engine.STOCK).keySet()).isEqualTo(known);
    }

    @Test
    void ternIsSetLikeStockAndTheDefaultHasFlinksOwnWaits() {
        ExperimentPlan plan = plan("heap", 2, 4);

        assertThat(EngineOptions.of(plan, Engine.TERN))
                .isEqualTo(EngineOptions.of(plan, Engine.STOCK));
        assertThat(EngineOptions.of(plan, Engine.STOCK_DEFAULT).keySet())
                .noneMatch(key -> key.contains("adaptive-scheduler"));
    }

    @Test
    void onRocksDbStockRestoresInEitherWayAndAllElseIsEqual() {
        ExperimentPlan plan = plan("rocksdb", 3, 2);
        Map<String, String> stock = EngineOptions.of(plan, Engine.STOCK);
        Map<String, String> ingest = EngineOptions.of(plan, Engine.STOCK_INGEST);

        assertThat(EngineOptions.of(plan, Engine.TERN)).isEqualTo(stock);
        Configuration flink = Configuration.fromMap(ingest);
        assertThat(flink.get(RocksDBConfigurableOptions.USE_INGEST_DB_RESTORE_MODE)).isTrue();
        assertThat(flink.get(CheckpointingOptions.INCREMENTAL_CHECKPOINTS)).isTrue();
        assertThat(flink.get(TaskManagerOptions.MANAGED_MEMORY_SIZE))
                .isEqualTo(MemorySize.ofMebiBytes(2 * 512));
        assertThat(ingest.put(USE_INGEST, "false")).isEqualTo("true");
        assertThat(ingest).isEqualTo(stock);
    }

    @Test
    void stockWaitsForNothing() {
        Configuration flink = configuration();

        for (ConfigOption<Duration> wait :
                List.of(
                        SCHEDULER_EXECUTING_COOLDOWN_AFTER_RESCALING,
                        SCHEDULER_EXECUTING_RESOURCE_STABILIZATION_TIMEOUT,
                        SCHEDULER_SUBMISSION_RESOURCE_STABILIZATION_TIMEOUT,
                        SCHEDULER_RESCALE_TRIGGER_MAX_DELAY,
                        RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY)) {
            assertThat(flink.get(wait)).as(wait.key()).isZero();
        }
        assertThat(flink.get(CheckpointingOptions.CHECKPOINTING_INTERVAL))
                .isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void newSubtasksHaveToGoToTheOtherProcess() {
        assertThat(EngineOptions.slotsPerTaskManager(plan("heap", 2, 4))).isEqualTo(2);
        assertThat(EngineOptions.slotsPerTaskManager(plan("heap", 2, 3))).isEqualTo(2);
        assertThat(EngineOptions.slotsPerTaskManager(plan("heap", 8, 5))).isEqualTo(4);
    }

    @Test
    void oneTaskManagerCanHoldAllState() {
        assertThat(EngineOptions.taskHeapMib(plan("heap", 2, 4))).isGreaterThan(2 * 1024);
        assertThat(EngineOptions.taskHeapMib(plan("rocksdb", 2, 4))).isEqualTo(1024);
    }

    @Test
    void theJobGetsTheParallelismItStartsWith() {
        ExperimentPlan plan = plan("heap", 2, 4);

        assertThat(ReferenceJob.openLoop(plan, 7, Path.of("/log")))
                .containsSequence("--counterPar", "2")
                .containsSequence("--rate", "5000")
                .containsSequence("--seed", "7")
                .containsSequence("--valueBytes", "1000")
                .containsSequence("--latencyDir", "/log");
        assertThat(ReferenceJob.saturated(plan, 7, 99))
                .containsSequence("--counterPar", "4")
                .containsSequence("--rate", "99")
                .doesNotContain("--latencyDir");
    }
}
