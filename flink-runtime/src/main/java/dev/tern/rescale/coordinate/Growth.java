package dev.tern.rescale.coordinate;

import dev.tern.rescale.control.TaskCommand;
import dev.tern.rescale.plan.Ownership;
import dev.tern.rescale.request.RescaleState;

import org.apache.flink.runtime.JobException;
import org.apache.flink.runtime.execution.ExecutionState;
import org.apache.flink.runtime.executiongraph.Execution;
import org.apache.flink.runtime.executiongraph.ExecutionAttemptID;
import org.apache.flink.runtime.executiongraph.ExecutionGraph;
import org.apache.flink.runtime.executiongraph.ExecutionVertex;
import org.apache.flink.runtime.jobmaster.LogicalSlot;
import org.apache.flink.runtime.scheduler.strategy.ExecutionVertexID;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;

/** Brings up the new subtasks of all vertices that grow; they own nothing yet. */
final class Growth {

    private final RescaleScope scope;
    private final ResizableGraph graph;
    private final JobSlots slots;
    private final CheckpointGate gate;
    private RescaleException lostSubtask;

    /**
     * @param gate null when the job takes no checkpoints
     */
    Growth(RescaleScope scope, ResizableGraph graph, JobSlots slots, CheckpointGate gate) {
        this.scope = scope;
        this.graph = graph;
        this.slots = slots;
        this.gate = gate;
    }

    /** Completes when the new subtasks run and everyone around them is connected. */
    CompletableFuture<Void> run() {
        reserve();
        CompletableFuture<Void> sequence = growUpstream();
        sequence = scope.then(sequence, this::deploy);
        return scope.then(sequence, this::connect);
    }

    /** Whether the attempt is of a new subtask. */
    boolean added(ExecutionAttemptID attempt) {
        return scope.added().stream()
                .anyMatch(s -> s.getCurrentExecutionAttempt().getAttemptId().equals(attempt));
    }

    /** A new subtask has failed before it took part. */
    void subtaskFailed(ExecutionAttemptID attempt, Throwable cause) {
        if (lostSubtask == null) {
            lostSubtask =
                    new RescaleException(
                            String.format(
                                    "New subtask %d failed before it could take part: %s",
                                    attempt.getSubtaskIndex(), cause),
                            cause);
        }
    }

    private void reserve() {
        List<VertexChange> growing = scope.growing();
        ExecutionGraph job = growing.get(0).vertex().graph();
        List<VertexTarget> targets =
                growing.stream()
                        .map(change -> new VertexTarget(change.jobVertex(), change.to()))
                        .toList();
        Map<ExecutionVertexID, SlotPlan.Target> plan =
                slots.plan(job, targets)
                        .orElseThrow(
                                () ->
                                        new RescaleException(
                                                "Slots for new subtasks of "
                                                        + VertexTarget.names(targets)
                                                        + " were lost before they could be taken"));
        scope.enter(RescaleState.RESIZE_GRAPH, "");
        graph.grow(growing);
        scope.enter(RescaleState.RESERVE_SLOTS, "");
        // In the order of the plan: a subtask may share the slot that one before it takes.
        JobSlots.Taking taking = slots.taking(job);
        scope.added().forEach(added -> assign(added, taking.take(plan.get(added.getID()))));
    }

    private void assign(ExecutionVertex added, LogicalSlot slot) {
        Execution execution = added.getCurrentExecutionAttempt();
        if (gate != null) {
            gate.initialState().ifPresent(execution::setInitialState);
        }
        execution.transitionState(ExecutionState.SCHEDULED);
        if (!execution.registerProducedPartitions(slot.getTaskManagerLocation()).isDone()) {
            throw new RescaleException(
                    "The shuffle service registers partitions late, which a rescale cannot wait"
                            + " for");
        }
        added.tryAssignResource(slot);
    }

    /** New subtasks need not be told: they start with as many subpartitions as the graph has. */
    private CompletableFuture<Void> growUpstream() {
        scope.enter(RescaleState.GROW_UPSTREAM, "");
        return RescaleScope.forEach(
                scope.growing(),
                change ->
                        scope.tellOldUpstream(
                                change,
                                new TaskCommand.GrowOutput(
                                        change.vertex().inputResults(), change.to()),
                                scope.settings().prepareTimeout()));
    }

    private CompletableFuture<Void> deploy() {
        List<ExecutionVertex> added = scope.added();
        scope.enter(RescaleState.DEPLOY, VertexChange.differenceText(scope.growing()));
        for (ExecutionVertex subtask : added) {
            try {
                subtask.deploy();
            } catch (JobException e) {
                throw new RescaleException(
                        subtask.getTaskNameWithSubtaskIndex() + " not deployed", e);
            }
        }
        return scope.await(
                () -> {
                    if (lostSubtask != null) {
                        throw lostSubtask;
                    }
                    added.forEach(Growth::requireNotFinished);
                    return added.stream()
                            .allMatch(s -> s.getExecutionState() == ExecutionState.RUNNING);
                },
                "new subtasks to run");
    }

    private static void requireNotFinished(ExecutionVertex subtask) {
        if (subtask.getExecutionState() == ExecutionState.FINISHED) {
            throw new RescaleException(
                    subtask.getTaskNameWithSubtaskIndex()
                            + " found nothing but the end of its input; the job is about to end.");
        }
    }

    private CompletableFuture<Void> connect() {
        scope.enter(RescaleState.GROW_DOWNSTREAM, "");
        CompletableFuture<Void> routed = RescaleScope.forEach(scope.growing(), this::tellRoutes);
        // Primed first: a late channel holds the watermark of its reader until it has spoken.
        CompletableFuture<Void> primed =
                scope.then(routed, () -> RescaleScope.forEach(scope.growing(), this::prime));
        return scope.then(
                primed, () -> RescaleScope.forEach(scope.growing(), this::growDownstream));
    }

    /** New subtasks route by Flink's ranges over all subtasks; where that is wrong, they are told. */
    private CompletableFuture<Void> tellRoutes(VertexChange change) {
        List<CompletableFuture<Void>> told = new ArrayList<>();
        change.vertex()
                .forEachConsumer(
                        (result, consumer) -> {
                            Ownership owners = scope.before(consumer);
                            if (owners.parallelism() != consumer.getParallelism()
                                    || !owners.isContiguous()) {
                                told.add(
                                        scope.tell(
                                                change.added(),
                                                ignored ->
                                                        new TaskCommand.CommitRoutes(
                                                                Set.of(result.getId()), owners),
                                                scope.settings().prepareTimeout()));
                            }
                        });
        return RescaleScope.all(told.stream());
    }

    private CompletableFuture<Void> prime(VertexChange change) {
        return scope.tellUpstream(
                change,
                new TaskCommand.PrimeOutput(change.vertex().inputResults()),
                scope.settings().prepareTimeout());
    }

    private CompletableFuture<Void> growDownstream(VertexChange change) {
        VertexTasks vertex = change.vertex();
        return scope.tellDownstream(
                change,
                UnaryOperator.identity(),
                (result, consumer) ->
                        scope.isAdded(consumer)
                                ? new TaskCommand.SettleInput(result.getId())
                                : new TaskCommand.GrowInput(
                                        result.getId(),
                                        consumer.getParallelSubtaskIndex(),
                                        vertex.producers(result, change.from(), change.to()),
                                        graph.lastCheckpoint()),
                scope.settings().prepareTimeout());
    }
}
