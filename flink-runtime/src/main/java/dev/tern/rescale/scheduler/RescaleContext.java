package dev.tern.rescale.scheduler;

import dev.tern.rescale.config.RescaleSettings;
import dev.tern.rescale.coordinate.JobSlots;
import dev.tern.rescale.coordinate.RescaleLedger;
import dev.tern.rescale.strategy.StrategyCatalog;

import org.apache.flink.streaming.api.graph.ExecutionPlan;

import java.time.Duration;
import java.util.concurrent.Executor;

/**
 * What the rescales of one job share, for as long as its scheduler lives.
 *
 * @param plan the plan object the JobMaster was started with; a new leader in the same process
 *     reads it again
 * @param store where requirements survive this JobManager
 * @param settings the values of the rescale options
 * @param strategies what can be chosen
 * @param ledger history, log and metrics
 * @param slots the slots of the job
 * @param rpcTimeout what new subtasks use to talk to TaskExecutors
 * @param executionHistorySize how many prior attempts a subtask remembers
 * @param background runs what would keep the main thread for too long
 */
record RescaleContext(
        ExecutionPlan plan,
        RequirementsStore store,
        RescaleSettings settings,
        StrategyCatalog strategies,
        RescaleLedger ledger,
        JobSlots slots,
        Duration rpcTimeout,
        int executionHistorySize,
        Executor background) {}
