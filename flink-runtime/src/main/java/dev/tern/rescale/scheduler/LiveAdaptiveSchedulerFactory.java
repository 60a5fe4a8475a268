package dev.tern.rescale.scheduler;

import dev.tern.rescale.config.RescaleOptions;
import dev.tern.rescale.config.RescaleSettings;
import dev.tern.rescale.coordinate.JobSlots;
import dev.tern.rescale.coordinate.RescaleLedger;
import dev.tern.rescale.coordinate.StateProbe;
import dev.tern.rescale.graph.ElasticParallelismStore;
import dev.tern.rescale.request.RequestResolver;
import dev.tern.rescale.strategy.PluginPolicies;
import dev.tern.rescale.strategy.PolicySource;
import dev.tern.rescale.strategy.StrategyCatalog;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.DeploymentOptions;
import org.apache.flink.configuration.IllegalConfigurationException;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.core.failure.FailureEnricher;
import org.apache.flink.runtime.blob.BlobWriter;
import org.apache.flink.runtime.blocklist.BlocklistOperations;
import org.apache.flink.runtime.checkpoint.CheckpointRecoveryFactory;
import org.apache.flink.runtime.checkpoint.CheckpointsCleaner;
import org.apache.flink.runtime.concurrent.ComponentMainThreadExecutor;
import org.apache.flink.runtime.executiongraph.JobStatusListener;
import org.apache.flink.runtime.executiongraph.failover.RestartBackoffTimeStrategy;
import org.apache.flink.runtime.executiongraph.failover.RestartBackoffTimeStrategyFactoryLoader;
import org.apache.flink.runtime.io.network.partition.JobMasterPartitionTracker;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobgraph.JobResourceRequirements;
import org.apache.flink.runtime.jobmaster.ExecutionDeploymentTracker;
import org.apache.flink.runtime.jobmaster.slotpool.DeclarativeSlotPool;
import org.apache.flink.runtime.jobmaster.slotpool.SlotPoolService;
import org.apache.flink.runtime.metrics.groups.JobManagerJobMetricGroup;
import org.apache.flink.runtime.rpc.FatalErrorHandler;
import org.apache.flink.runtime.scheduler.DefaultExecutionGraphFactory;
import org.apache.flink.runtime.scheduler.ExecutionGraphFactory;
import org.apache.flink.runtime.scheduler.SchedulerNG;
import org.apache.flink.runtime.scheduler.SchedulerNGFactory;
import org.apache.flink.runtime.scheduler.adaptive.AdaptiveScheduler;
import org.apache.flink.runtime.scheduler.adaptive.AdaptiveSchedulerFactory;
import org.apache.flink.runtime.scheduler.adaptive.allocator.SlotSharingSlotAllocator;
import org.apache.flink.runtime.shuffle.ShuffleMaster;
import org.apache.flink.streaming.api.graph.ExecutionPlan;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.apache.flink.util.FlinkException;

import org.slf4j.Logger;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;

/** Builds the adaptive scheduler that can rescale live, in the place of Flink's own factory. */
public final class LiveAdaptiveSchedulerFactory implements SchedulerNGFactory {

    @Override
    public SchedulerNG createInstance(
            Logger log,
            ExecutionPlan executionPlan,
            Executor ioExecutor,
            Configuration configuration,
            SlotPoolService slotPoolService,
            ScheduledExecutorService futureExecutor,
            ClassLoader userCodeLoader,
            CheckpointRecoveryFactory checkpointRecoveryFactory,
            Duration rpcTimeout,
            BlobWriter blobWriter,
            JobManagerJobMetricGroup metrics,
            Duration slotRequestTimeout,
            ShuffleMaster<?> shuffleMaster,
            JobMasterPartitionTracker partitionTracker,
            ExecutionDeploymentTracker deploymentTracker,
            long initializationTimestamp,
            ComponentMainThreadExecutor mainThread,
            FatalErrorHandler fatalErrorHandler,
            JobStatusListener jobStatusListener,
            Collection<FailureEnricher> failureEnrichers,
            BlocklistOperations blocklistOperations)
            throws Exception {
        JobGraph jobGraph = jobGraphOf(executionPlan, userCodeLoader);
        DeclarativeSlotPool pool =
                slotPoolService
                        .castInto(DeclarativeSlotPool.class)
                        .orElseThrow(
                                () ->
                                        new IllegalStateException(
                                                "The adaptive scheduler needs a declarative slot"
                                                        + " pool, but the slot pool service is "
                                                        + slotPoolService.getClass().getName()));
        SlotSharingSlotAllocator allocator =
                AdaptiveSchedulerFactory.createSlotSharingSlotAllocator(
                        pool,
                        configuration.get(StateRecoveryOptions.LOCAL_RECOVERY),
                        configuration.get(DeploymentOptions.TARGET),
                        configuration.get(
                                JobManagerOptions.SCHEDULER_PREFER_MINIMAL_TASKMANAGERS_ENABLED),
                        configuration.get(TaskManagerOptions.TASK_MANAGER_LOAD_BALANCE_MODE));
        RestartBackoffTimeStrategy backoff =
                RestartBackoffTimeStrategyFactoryLoader.createRestartBackoffTimeStrategyFactory(
                                jobGraph.getJobConfiguration(),
                                configuration,
                                jobGraph.isCheckpointingEnabled())
                        .create();
        RescaleSettings settings = RescaleSettings.from(configuration);
        RescaleContext context =
                new RescaleContext(
                        executionPlan,
                        RequirementsStore.of(executionPlan, ioExecutor),
                        settings,
                        strategies(settings, configuration),
                        new RescaleLedger(
                                settings.historySize(),
                                System::currentTimeMillis,
                                metrics,
                                jobGraph.getJobID(),
                                StateProbe.load()),
                        new JobSlots(pool, allocator),
                        rpcTimeout,
                        configuration.get(JobManagerOptions.MAX_ATTEMPTS_HISTORY_SIZE));
        return new LiveAdaptiveScheduler(
                context,
                AdaptiveScheduler.Settings.of(configuration, jobGraph.getCheckpointingSettings()),
                jobGraph,
                JobResourceRequirements.readFromExecutionPlan(jobGraph).orElse(null),
                configuration,
                pool,
                allocator,
                ioExecutor,
                userCodeLoader,
                new CheckpointsCleaner(),
                checkpointRecoveryFactory,
                metrics,
                backoff,
                initializationTimestamp,
                mainThread,
                fatalErrorHandler,
                jobStatusListener,
                failureEnrichers,
                elastic(
                        new DefaultExecutionGraphFactory(
                                configuration,
                                userCodeLoader,
                                deploymentTracker,
                                futureExecutor,
                                ioExecutor,
                                rpcTimeout,
                                metrics,
                                blobWriter,
                                shuffleMaster,
                                partitionTracker)));
    }

    private static StrategyCatalog strategies(
            RescaleSettings settings, Configuration configuration) {
        StrategyCatalog strategies =
                StrategyCatalog.load(
                        PolicySource.of(LiveAdaptiveSchedulerFactory.class.getClassLoader())
                                .and(PluginPolicies.ofProcess(configuration)),
                        settings.stepSize().getBytes(),
                        settings.strategies());
        // What stands in for a request that names none has to be one that can be carried out.
        String preset = settings.defaults().strategy().orElseThrow();
        if (!preset.equals(RequestResolver.RESTART)
                && strategies.choose(preset, Map.of()).needsRates()) {
            throw new IllegalConfigurationException(
                    String.format(
                            "%s is %s, which orders key groups by record rates that nobody has"
                                    + " measured when resources change by themselves. Choose"
                                    + " another one.",
                            RescaleOptions.STRATEGY.key(), preset));
        }
        return strategies;
    }

    @Override
    public JobManagerOptions.SchedulerType getSchedulerType() {
        return JobManagerOptions.SchedulerType.Adaptive;
    }

    private static JobGraph jobGraphOf(ExecutionPlan plan, ClassLoader classLoader)
            throws FlinkException {
        if (plan instanceof JobGraph jobGraph) {
            return jobGraph;
        }
        if (plan instanceof StreamGraph streamGraph) {
            return streamGraph.getJobGraph(classLoader);
        }
        throw new FlinkException("Unsupported execution plan " + plan.getClass().getName());
    }

    /** Every graph gets a parallelism store that may change while the graph lives. */
    private static ExecutionGraphFactory elastic(ExecutionGraphFactory factory) {
        return (jobGraph,
                completedCheckpoints,
                cleaner,
                checkpointIds,
                checkpointStats,
                locationConstraint,
                timestamp,
                attemptNumbers,
                parallelism,
                stateListener,
                markFinished,
                planContext,
                log) ->
                factory.createAndRestoreExecutionGraph(
                        jobGraph,
                        completedCheckpoints,
                        cleaner,
                        checkpointIds,
                        checkpointStats,
                        locationConstraint,
                        timestamp,
                        attemptNumbers,
                        new ElasticParallelismStore(parallelism),
                        stateListener,
                        markFinished,
                        planContext,
                        log);
    }
}
