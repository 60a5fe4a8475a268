package dev.tern.rescale.coordinate;

import dev.tern.rescale.checkpoint.FilingCheckpointPlan;

import org.apache.flink.runtime.checkpoint.AbstractCheckpointStats;
import org.apache.flink.runtime.checkpoint.CheckpointCoordinator;
import org.apache.flink.runtime.checkpoint.CheckpointException;
import org.apache.flink.runtime.checkpoint.CheckpointFailureReason;
import org.apache.flink.runtime.checkpoint.CheckpointPlan;
import org.apache.flink.runtime.checkpoint.CheckpointPlanCalculator;
import org.apache.flink.runtime.checkpoint.CheckpointStatsSnapshot;
import org.apache.flink.runtime.checkpoint.DefaultCheckpointPlanCalculator;
import org.apache.flink.runtime.checkpoint.JobManagerTaskRestore;
import org.apache.flink.runtime.checkpoint.TaskStateSnapshot;
import org.apache.flink.runtime.executiongraph.DefaultExecutionGraph;
import org.apache.flink.runtime.executiongraph.ExecutionGraphCheckpointPlanCalculatorContext;
import org.apache.flink.runtime.jobgraph.OperatorID;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Keeps checkpoints away while units move.
 *
 * <p>A trigger that arrives while the gate is closed is parked, not failed: a failed checkpoint
 * would count, and the adaptive scheduler acts on the count. Asked by the checkpoint timer thread,
 * opened and closed by the JobMaster main thread.
 */
public final class CheckpointGate implements CheckpointPlanCalculator {

    /** No checkpoint has this id or a lower one. */
    public static final long NO_CHECKPOINT = 0;

    private final DefaultExecutionGraph graph;
    private final CheckpointCoordinator coordinator;
    private final boolean unalignedByConfiguration;
    private final List<CompletableFuture<CheckpointPlan>> parked = new ArrayList<>();
    private CheckpointPlanCalculator delegate;
    private Map<OperatorID, int[]> nonContiguousOwners = Map.of();
    private long lastAborted = NO_CHECKPOINT;
    private boolean closed;

    private CheckpointGate(DefaultExecutionGraph graph, CheckpointCoordinator coordinator) {
        this.graph = graph;
        this.coordinator = coordinator;
        this.unalignedByConfiguration = coordinator.unalignedCheckpointsEnabled;
        rebuild();
    }

    /** Puts a gate in front of the job's checkpoints; null when the job takes none. */
    public static CheckpointGate install(DefaultExecutionGraph graph) {
        CheckpointCoordinator coordinator = graph.getCheckpointCoordinator();
        if (coordinator == null) {
            return null;
        }
        if (coordinator.checkpointPlanCalculator instanceof CheckpointGate installed) {
            return installed;
        }
        CheckpointGate gate = new CheckpointGate(graph, coordinator);
        coordinator.checkpointPlanCalculator = gate;
        return gate;
    }

    @Override
    public synchronized CompletableFuture<CheckpointPlan> calculateCheckpointPlan() {
        if (!closed) {
            return planned();
        }
        CompletableFuture<CheckpointPlan> plan = new CompletableFuture<>();
        parked.add(plan);
        return plan;
    }

    private CompletableFuture<CheckpointPlan> planned() {
        Map<OperatorID, int[]> owners = nonContiguousOwners;
        return owners.isEmpty()
                ? delegate.calculateCheckpointPlan()
                : delegate.calculateCheckpointPlan()
                        .thenApply(plan -> new FilingCheckpointPlan(plan, owners));
    }

    /** From now on triggers are parked. */
    public synchronized void close() {
        closed = true;
    }

    /** Lets parked triggers go on, with the tasks that exist now, and all later ones. */
    public void open() {
        synchronized (this) {
            closed = false;
        }
        admit();
    }

    /** Lets only those triggers go on that are parked now. */
    void admit() {
        Map<CompletableFuture<CheckpointPlan>, CompletableFuture<CheckpointPlan>> admitted =
                new LinkedHashMap<>();
        synchronized (this) {
            parked.forEach(waiting -> admitted.put(waiting, planned()));
            parked.clear();
        }
        admitted.forEach(
                (waiting, planned) ->
                        planned.whenComplete(
                                (plan, failure) -> {
                                    if (failure != null) {
                                        waiting.completeExceptionally(failure);
                                    } else {
                                        waiting.complete(plan);
                                    }
                                }));
    }

    /** Whether a checkpoint is due that waits for the gate to open. */
    synchronized boolean holdsTrigger() {
        return !parked.isEmpty();
    }

    /**
     * Opens for a checkpoint that is to be taken now, while some subtasks that own nothing any more
     * are still there.
     *
     * @param owners owner of each key group, for the operators of the vertex they belong to
     * @return the last checkpoint that does not count: later ones are taken as told here
     */
    public long openForCheckpoint(Map<OperatorID, int[]> owners) {
        Map<OperatorID, int[]> all;
        synchronized (this) {
            all = new HashMap<>(nonContiguousOwners);
        }
        all.putAll(owners);
        ownersAre(all);
        // Nothing is in flight, so whatever completes from now on was triggered from now on.
        long last = coordinator.getCheckpointStore().getLatestCheckpointId();
        open();
        coordinator.triggerCheckpoint(false);
        return last;
    }

    /**
     * What a new subtask starts from: no state, and the number of the checkpoint that a restart would
     * begin with. Sinks name transactions by it, and look for those that a restart has to abort from
     * there on. Empty before the first checkpoint.
     */
    public Optional<JobManagerTaskRestore> initialState() {
        return Optional.ofNullable(coordinator.getCheckpointStore().getLatestCheckpoint())
                .map(
                        latest ->
                                new JobManagerTaskRestore(
                                        latest.getCheckpointID(), new TaskStateSnapshot()));
    }

    /** Whether no checkpoint is in flight and none can start. */
    public boolean isQuiet() {
        boolean parkedOnly;
        synchronized (this) {
            parkedOnly = closed && !parked.isEmpty();
        }
        // In this order: a trigger becomes pending before it stops triggering.
        boolean triggering = coordinator.isTriggering() && !parkedOnly;
        return !triggering && coordinator.getNumberOfPendingCheckpoints() == 0;
    }

    /** When Flink gives up a checkpoint or savepoint by itself. */
    Duration checkpointTimeout() {
        return Duration.ofMillis(
                graph.getCheckpointCoordinatorConfiguration().getCheckpointTimeout());
    }

    /** Aborts the checkpoints in flight unless one of them is a savepoint, which is awaited. */
    public void abortPeriodicCheckpoints() {
        boolean savepointInFlight =
                coordinator.getPendingCheckpoints().values().stream()
                        .anyMatch(pending -> pending.getProps().isSavepoint());
        if (!savepointInFlight) {
            lastAborted =
                    coordinator.getPendingCheckpoints().keySet().stream()
                            .reduce(lastAborted, Math::max);
            coordinator.abortPendingCheckpoints(
                    new CheckpointException(CheckpointFailureReason.CHECKPOINT_COORDINATOR_SUSPEND));
        }
    }

    /**
     * The latest checkpoint there was. While the gate is quiet no task needs to take part in it any
     * more, but if it was aborted its barriers may still be on their way. JobMaster main thread.
     */
    public long lastCheckpoint() {
        CheckpointStatsSnapshot stats = graph.getCheckpointStatsSnapshot();
        return stats == null
                ? lastAborted
                : stats.getHistory().getCheckpoints().stream()
                        .map(AbstractCheckpointStats::getCheckpointId)
                        .reduce(lastAborted, Math::max);
    }

    /** The set of tasks has changed. */
    public void rebuild() {
        CheckpointPlanCalculator rebuilt =
                new DefaultCheckpointPlanCalculator(
                        graph.getJobID(),
                        new ExecutionGraphCheckpointPlanCalculatorContext(graph),
                        graph.getVerticesTopologically(),
                        graph.getCheckpointCoordinatorConfiguration()
                                .isEnableCheckpointsAfterTasksFinish());
        synchronized (this) {
            delegate = rebuilt;
        }
    }

    /**
     * Who owns what from the next checkpoint on.
     *
     * <p>What Flink cannot know is made good here: key groups of a non-contiguous ownership are
     * filed under Flink's own ranges when the checkpoint completes, and the checkpoint is aligned,
     * because Flink assigns the channel state of an unaligned one as if ownership were contiguous.
     *
     * @param owners owner of each key group, for the operators of vertices that are not contiguous
     */
    public synchronized void ownersAre(Map<OperatorID, int[]> owners) {
        nonContiguousOwners = Map.copyOf(owners);
        coordinator.unalignedCheckpointsEnabled = owners.isEmpty() && unalignedByConfiguration;
    }
}
