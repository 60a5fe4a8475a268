package dev.tern.rescale.coordinate;

import dev.tern.rescale.control.TaskCommand;
import dev.tern.rescale.request.RescaleState;

import org.apache.flink.runtime.JobException;
import org.apache.flink.runtime.execution.ExecutionState;
import org.apache.flink.runtime.executiongraph.Execution;
import org.apache.flink.runtime.executiongraph.ExecutionAttemptID;
import org.apache.flink.runtime.executiongraph.ExecutionVertex;
import org.apache.flink.runtime.jobmaster.LogicalSlot;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Brings up the new subtasks of a scale-out; they own nothing yet. */
final class Growth {

    private final RescaleScope scope;
    private final VertexTasks vertex;
    private final VertexGraph graph;
    private final JobSlots slots;
    private final CheckpointGate gate;
    private RescaleException lostSubtask;

    /**
     * @param gate null when the job takes no checkpoints
     */
    Growth(RescaleScope scope, VertexGraph graph, JobSlots slots, CheckpointGate gate) {
        this.scope = scope;
        this.vertex = scope.vertex();
        this.graph = graph;
        this.slots = slots;
        this.gate = gate;
    }

    /** Completes when the new subtasks run and everyone around them is connected. */
    CompletableFuture<Void> run() {
        reserve();
        CompletableFuture<Void> sequence = growUpstream();
        sequence = scope.then(sequence, this::deploy);
        return scope.then(sequence, this::growDownstream);
    }

    /** Whether the attempt is of a new subtask. */
    boolean added(ExecutionAttemptID attempt) {
        return vertex.subtasks(scope.from(), vertex.parallelism()).stream()
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
        List<SlotPlan.Target> targets =
                slots.plan(vertex.graph(), vertex.jobVertex(), scope.to())
                        .orElseThrow(
                                () ->
                                        new RescaleException(
                                                "Slots for "
                                                        + (scope.to() - scope.from())
                                                        + " new subtasks were lost before they"
                                                        + " could be taken"));
        scope.enter(RescaleState.RESIZE_GRAPH, "");
        graph.grow(scope.to());
        scope.enter(RescaleState.RESERVE_SLOTS, "");
        for (int subtask = scope.from(); subtask < scope.to(); subtask++) {
            assign(vertex.subtask(subtask), targets.get(subtask - scope.from()));
        }
    }

    private void assign(ExecutionVertex added, SlotPlan.Target target) {
        Execution execution = added.getCurrentExecutionAttempt();
        LogicalSlot slot = slots.take(vertex.graph(), target);
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

    private CompletableFuture<Void> growUpstream() {
        scope.enter(RescaleState.GROW_UPSTREAM, "");
        return scope.tellUpstream(
                new TaskCommand.GrowOutput(vertex.inputResults(), scope.to()),
                scope.settings().prepareTimeout());
    }

    private CompletableFuture<Void> deploy() {
        List<ExecutionVertex> added = vertex.subtasks(scope.from(), scope.to());
        scope.enter(
                RescaleState.DEPLOY, "subtasks " + scope.from() + " to " + (scope.to() - 1));
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

    private CompletableFuture<Void> growDownstream() {
        scope.enter(RescaleState.GROW_DOWNSTREAM, "");
        // Primed first: a late channel holds the watermark of its reader until it has spoken.
        CompletableFuture<Void> primed =
                scope.tellUpstream(
                        new TaskCommand.PrimeOutput(vertex.inputResults()),
                        scope.settings().prepareTimeout());
        return scope.then(
                primed,
                () ->
                        scope.tellDownstream(
                                (result, consumer) ->
                                        new TaskCommand.GrowInput(
                                                result.getId(),
                                                consumer.getParallelSubtaskIndex(),
                                                vertex.producers(
                                                        result, scope.from(), scope.to()),
                                                graph.lastCheckpoint()),
                                scope.settings().prepareTimeout()));
    }
}
