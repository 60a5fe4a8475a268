package dev.tern.experiments.run;

import dev.tern.experiments.matrix.Engine;
import dev.tern.experiments.options.ExperimentPlan;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The Flink options of an experiment, the same for tern and stock.
 *
 * <p>They are the best that stock can be given: no stabilisation, no cooldown, no waiting for a
 * checkpoint (the trigger itself follows a completed one, so that little has to be replayed), slots
 * registered beforehand. An explicit request to tern waits for none of these anyway.
 */
public final class EngineOptions {

    /** What Flink gives a TaskManager with one slot by default. */
    private static final int ROCKSDB_MIB_PER_SLOT = 512;

    private static final String ADAPTIVE = "jobmanager.adaptive-scheduler.";

    private EngineOptions() {}

    /** The options for a plan, to be put into {@code config.yaml}. */
    public static Map<String, String> of(ExperimentPlan plan, Engine engine) {
        Map<String, String> options = new LinkedHashMap<>();
        if (engine != Engine.STOCK_DEFAULT) {
            options.put(ADAPTIVE + "executing.cooldown-after-rescaling", "0 ms");
            options.put(ADAPTIVE + "executing.resource-stabilization-timeout", "0 ms");
            options.put(ADAPTIVE + "submission.resource-stabilization-timeout", "0 ms");
            options.put(ADAPTIVE + "rescale-trigger.max-delay", "0 ms");
        }
        options.put("state.backend.type", isOnHeap(plan) ? "hashmap" : "rocksdb");
        if (!isOnHeap(plan)) {
            options.put("execution.checkpointing.incremental", "true");
            options.put(
                    "taskmanager.memory.managed.size",
                    slotsPerTaskManager(plan) * ROCKSDB_MIB_PER_SLOT + "m");
            options.put(
                    "state.backend.rocksdb.use-ingest-db-restore-mode",
                    String.valueOf(engine == Engine.STOCK_INGEST));
        }
        options.put(
                "execution.checkpointing.interval", plan.checkpointInterval().toMillis() + " ms");
        options.put("execution.checkpointing.mode", "EXACTLY_ONCE");
        options.put("execution.checkpointing.num-retained", "1");
        options.put("restart-strategy.type", "fixed-delay");
        options.put("restart-strategy.fixed-delay.attempts", "3");
        options.put("restart-strategy.fixed-delay.delay", "0 ms");
        options.putAll(plan.flinkOptions());
        return options;
    }

    /**
     * Slots of each of the two TaskManagers: as few as do, so that the new subtasks of a scale-out
     * run in another process than the old ones and their state has to cross.
     */
    public static int slotsPerTaskManager(ExperimentPlan plan) {
        return (plan.slots() + 1) / 2;
    }

    /**
     * Task heap of each TaskManager, in MiB. Before a scale-out all state may sit in one of them; a
     * key costs about a third more than its value, and a restart holds old and new for a moment.
     */
    public static int taskHeapMib(ExperimentPlan plan) {
        if (!isOnHeap(plan)) {
            return 1024;
        }
        return 768 + (int) (plan.stateBytes() * 2.2 / (1 << 20));
    }

    private static boolean isOnHeap(ExperimentPlan plan) {
        return plan.backend().equals("heap");
    }
}
