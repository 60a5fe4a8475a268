package dev.tern.rescale.coordinate;

import dev.tern.rescale.config.RescaleSettings;
import dev.tern.rescale.control.TaskCommand;
import dev.tern.rescale.control.TaskCommand.OwnerAddress;
import dev.tern.rescale.control.TaskCommand.OwnerOptions;
import dev.tern.rescale.control.TaskReply;
import dev.tern.rescale.graph.ExecutionGraphResizer;
import dev.tern.rescale.plan.MigrationPlan;
import dev.tern.rescale.plan.MigrationScheduler;
import dev.tern.rescale.plan.MigrationStep;
import dev.tern.rescale.plan.Move;
import dev.tern.rescale.plan.Ownership;
import dev.tern.rescale.request.RescaleState;
import dev.tern.rescale.request.RescaleVolume;

import org.apache.flink.runtime.JobException;
import org.apache.flink.runtime.execution.ExecutionState;
import org.apache.flink.runtime.executiongraph.DefaultExecutionGraph;
import org.apache.flink.runtime.executiongraph.Execution;
import org.apache.flink.runtime.executiongraph.ExecutionAttemptID;
import org.apache.flink.runtime.executiongraph.ExecutionVertex;
import org.apache.flink.runtime.jobmaster.LogicalSlot;
import org.apache.flink.util.concurrent.FutureUtils;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * One live rescale of one vertex, from the preflight to the retirement of subtasks.
 *
 * <p>An error before MIGRATE undoes everything; from MIGRATE on it is left to a restart from the
 * last checkpoint. Which of the two happened is told by {@link Outcome}. JobMaster main thread.
 */
public final class VertexRescale {

    /** How it went. */
    public sealed interface Outcome {

        /** The job runs at the new parallelism. */
        record Completed(Ownership ownership) implements Outcome {}

        /** The tasks say that this vertex cannot be rescaled live; nothing has changed. */
        record NotLive(List<String> obstacles) implements Outcome {}

        /** Undone; the job runs as before. */
        record Aborted(RescaleException cause) implements Outcome {}

        /** Something has changed that cannot be undone; the job has to restart. */
        record Broken(RescaleException cause, boolean afterMigration) implements Outcome {}
    }

    /** What a rescale needs of its surroundings. */
    public interface Surroundings {

        /** Throws when the job has left the state in which it can be rescaled. */
        void requireAlive();

        /** Runs in the JobMaster main thread. */
        Executor mainThread();

        /** Completes in the main thread once the condition holds there. */
        CompletableFuture<Void> when(Supplier<Boolean> condition, Duration timeout, String what);

        /** An attempt number never used for this subtask of this graph. */
        int nextAttempt(VertexTasks vertex, int subtask);
    }

    private final VertexTasks vertex;
    private final Ownership before;
    private final Ownership after;
    private final MigrationScheduler scheduler;
    private final int from;
    private final int to;
    private final String rescaleId;
    private final long epoch;
    private final RescaleSettings settings;
    private final DefaultExecutionGraph graph;
    private final ExecutionGraphResizer resizer;
    private final JobSlots slots;
    private final CheckpointGate gate;
    private final TaskGateway tasks;
    private final RescaleLedger ledger;
    private final Surroundings surroundings;

    private RescaleState state = RescaleState.IDLE;
    private Map<Integer, Long> keyGroupBytes = Map.of();
    private MigrationPlan plan;
    private Map<Integer, OwnerAddress> addresses = Map.of();
    private RescaleException lostSubtask;

    public VertexRescale(
            VertexTasks vertex,
            Ownership before,
            Ownership after,
            MigrationScheduler scheduler,
            String rescaleId,
            long epoch,
            RescaleSettings settings,
            ExecutionGraphResizer resizer,
            JobSlots slots,
            CheckpointGate gate,
            TaskGateway tasks,
            RescaleLedger ledger,
            Surroundings surroundings) {
        this.vertex = vertex;
        this.before = before;
        this.after = after;
        this.scheduler = scheduler;
        this.from = before.parallelism();
        this.to = after.parallelism();
        this.rescaleId = rescaleId;
        this.epoch = epoch;
        this.settings = settings;
        this.graph = vertex.graph();
        this.resizer = resizer;
        this.slots = slots;
        this.gate = gate;
        this.tasks = tasks;
        this.ledger = ledger;
        this.surroundings = surroundings;
    }

    /** The id under which the history knows it. */
    public String rescaleId() {
        return rescaleId;
    }

    /**
     * Whether a failure of this attempt is the rescale's own affair: a new subtask that takes no
     * part yet, so that the job can go on without it.
     */
    public boolean absorbsFailureOf(ExecutionAttemptID attempt) {
        return state.compareTo(RescaleState.RESERVE_SLOTS) >= 0
                && state.compareTo(RescaleState.DEPLOY) <= 0
                && vertex.subtasks(from, vertex.parallelism()).stream()
                        .anyMatch(
                                s -> s.getCurrentExecutionAttempt().getAttemptId().equals(attempt));
    }

    /** A new subtask has failed, see {@link #absorbsFailureOf}. */
    public void subtaskFailed(ExecutionAttemptID attempt, Throwable cause) {
        if (lostSubtask == null) {
            lostSubtask =
                    new RescaleException(
                            String.format(
                                    "New subtask %d failed before it could take part: %s",
                                    attempt.getSubtaskIndex(), cause),
                            cause);
        }
    }

    /**
     * Runs it; the result never completes exceptionally. The checkpoint gate is closed on the way
     * and stays so: whoever enters the new ownership opens it.
     */
    public CompletableFuture<Outcome> run() {
        CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        preflight()
                .thenComposeAsync(
                        obstacles ->
                                obstacles.isEmpty()
                                        ? execute()
                                        : done(new Outcome.NotLive(obstacles)),
                        surroundings.mainThread())
                .whenCompleteAsync(
                        (result, failure) -> {
                            if (failure == null) {
                                outcome.complete(result);
                            } else {
                                undone(RescaleException.of(failure))
                                        .whenCompleteAsync(
                                                (undone, problem) ->
                                                        outcome.complete(
                                                                problem == null
                                                                        ? undone
                                                                        : new Outcome.Broken(
                                                                                RescaleException.of(
                                                                                        problem),
                                                                                false)),
                                                surroundings.mainThread());
                            }
                        },
                        surroundings.mainThread());
        return outcome;
    }

    private CompletableFuture<Outcome> undone(RescaleException cause) {
        try {
            return undo(cause);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private CompletableFuture<Outcome> execute() {
        boolean grows = to > from;
        CompletableFuture<Void> sequence = quiesce();
        if (grows) {
            sequence = then(sequence, this::resizeGraph);
            sequence = then(sequence, this::growUpstream);
            sequence = then(sequence, this::deploy);
            sequence = then(sequence, this::growDownstream);
        }
        sequence = then(sequence, this::prepareOwners);
        for (MigrationStep step : plan.steps()) {
            sequence = then(sequence, () -> migrate(step));
        }
        sequence = then(sequence, this::commit);
        if (to < from) {
            sequence = then(sequence, () -> retire(to));
        }
        return sequence.thenApply(ignored -> new Outcome.Completed(after));
    }

    private CompletableFuture<List<String>> preflight() {
        enter(RescaleState.PREFLIGHT, MigrationPlan.difference(before, after).size() + " key groups to move");
        List<ExecutionVertex> owners = vertex.subtasks();
        CompletableFuture<List<TaskReply>> inspections =
                tasks.sendAll(
                        owners,
                        epoch,
                        owner -> new TaskCommand.Inspect(owner.getParallelSubtaskIndex() >= to),
                        settings.prepareTimeout());
        // Also asks whether upstream and downstream tasks run mail at all right now: a task that is
        // blocked inside one emit must be found before anything has changed.
        CompletableFuture<List<TaskReply>> neighbours =
                tasks.sendAll(
                        vertex.neighbourTasks(),
                        epoch,
                        ignored -> new TaskCommand.Ping(),
                        settings.prepareTimeout());
        return inspections.thenCombineAsync(
                neighbours,
                (replies, ignored) -> {
                    Inspection inspection = Inspection.of(replies);
                    keyGroupBytes = inspection.keyGroupBytes();
                    plan =
                            MigrationPlan.of(
                                    before,
                                    after,
                                    scheduler.schedule(
                                            MigrationPlan.difference(before, after),
                                            keyGroupBytes));
                    return inspection.obstacles();
                },
                surroundings.mainThread());
    }

    private CompletableFuture<Void> quiesce() {
        enter(RescaleState.QUIESCE, "");
        if (gate == null) {
            return CompletableFuture.completedFuture(null);
        }
        gate.close();
        // A savepoint may take as long as it needs; then the step timeout is the bound.
        return surroundings
                .when(gate::isQuiet, settings.quiesceCheckpointTimeout(), "checkpoints to end")
                .handleAsync(
                        (quiet, timeout) -> {
                            surroundings.requireAlive();
                            if (timeout == null) {
                                return CompletableFuture.<Void>completedFuture(null);
                            }
                            gate.abortPeriodicCheckpoints();
                            return surroundings.when(
                                    gate::isQuiet, settings.stepTimeout(), "checkpoints to end");
                        },
                        surroundings.mainThread())
                .thenCompose(next -> next);
    }

    private CompletableFuture<Void> resizeGraph() {
        List<SlotPlan.Target> targets =
                slots.plan(graph, vertex.jobVertex(), to)
                        .orElseThrow(
                                () ->
                                        new RescaleException(
                                                "Slots for "
                                                        + (to - from)
                                                        + " new subtasks were lost before they"
                                                        + " could be taken"));
        enter(RescaleState.RESIZE_GRAPH, "");
        try {
            resizer.grow(
                    vertex.jobVertex(), to, subtask -> surroundings.nextAttempt(vertex, subtask));
        } catch (JobException e) {
            throw new RescaleException("The execution graph cannot be resized", e);
        }
        vertex.refresh();
        if (gate != null) {
            gate.rebuild();
        }
        enter(RescaleState.RESERVE_SLOTS, "");
        for (int subtask = from; subtask < to; subtask++) {
            ExecutionVertex added = vertex.subtask(subtask);
            Execution execution = added.getCurrentExecutionAttempt();
            LogicalSlot slot = slots.take(graph, targets.get(subtask - from));
            execution.transitionState(ExecutionState.SCHEDULED);
            if (!execution.registerProducedPartitions(slot.getTaskManagerLocation()).isDone()) {
                throw new RescaleException(
                        "The shuffle service registers partitions late, which a rescale cannot wait"
                                + " for");
            }
            added.tryAssignResource(slot);
        }
        return CompletableFuture.completedFuture(null);
    }

    private CompletableFuture<Void> growUpstream() {
        enter(RescaleState.GROW_UPSTREAM, "");
        return sendAll(
                vertex.upstreamTasks(),
                ignored -> new TaskCommand.GrowOutput(vertex.inputResults(), to),
                settings.prepareTimeout());
    }

    private CompletableFuture<Void> deploy() {
        enter(RescaleState.DEPLOY, "subtasks " + from + " to " + (to - 1));
        for (ExecutionVertex added : vertex.subtasks(from, to)) {
            try {
                added.deploy();
            } catch (JobException e) {
                throw new RescaleException(added.getTaskNameWithSubtaskIndex() + " not deployed", e);
            }
        }
        return surroundings.when(
                () -> {
                    if (lostSubtask != null) {
                        throw lostSubtask;
                    }
                    return vertex.subtasks(from, to).stream()
                            .allMatch(s -> s.getExecutionState() == ExecutionState.RUNNING);
                },
                settings.stepTimeout(),
                "new subtasks to run");
    }

    private CompletableFuture<Void> growDownstream() {
        enter(RescaleState.GROW_DOWNSTREAM, "");
        // Primed first: a late channel holds the watermark of its reader until it has spoken.
        CompletableFuture<Void> primed =
                sendAll(
                        vertex.upstreamTasks(),
                        ignored -> new TaskCommand.PrimeOutput(vertex.inputResults()),
                        settings.prepareTimeout());
        return then(primed, this::addDownstreamChannels);
    }

    private CompletableFuture<Void> addDownstreamChannels() {
        List<CompletableFuture<Void>> grown = new ArrayList<>();
        vertex.forEachOutput(
                (result, consumers) ->
                        grown.add(
                                sendAll(
                                        consumers,
                                        consumer ->
                                                new TaskCommand.GrowInput(
                                                        result.getId(),
                                                        consumer.getParallelSubtaskIndex(),
                                                        vertex.producers(result, from, to)),
                                        settings.prepareTimeout())));
        return FutureUtils.combineAll(grown).thenApply(ignored -> null);
    }

    private CompletableFuture<Void> prepareOwners() {
        enter(RescaleState.PREPARE_OWNERS, "");
        OwnerOptions options =
                new OwnerOptions(
                        settings.setAsideMemory().getBytes(),
                        settings.transferByReference(),
                        settings.assertOwnership());
        List<ExecutionVertex> owners = vertex.subtasks();
        return tasks.sendAll(
                        owners,
                        epoch,
                        owner ->
                                new TaskCommand.PrepareOwner(
                                        vertex.processOf(owner),
                                        before,
                                        after,
                                        options),
                        settings.prepareTimeout())
                .thenAcceptAsync(
                        replies -> {
                            Map<Integer, OwnerAddress> found = new HashMap<>();
                            for (int i = 0; i < owners.size(); i++) {
                                ExecutionVertex owner = owners.get(i);
                                TaskReply.Prepared prepared = (TaskReply.Prepared) replies.get(i);
                                found.put(
                                        owner.getParallelSubtaskIndex(),
                                        new OwnerAddress(
                                                vertex.processOf(owner),
                                                owner.getCurrentExecutionAttempt()
                                                        .getAttemptId()
                                                        .toString(),
                                                prepared.endpoint()));
                            }
                            addresses = found;
                        },
                        surroundings.mainThread());
    }

    private CompletableFuture<Void> migrate(MigrationStep step) {
        Map<Integer, OwnerAddress> givers = new HashMap<>();
        Set<Integer> involved = new HashSet<>();
        for (Move move : step.moves()) {
            givers.put(move.from(), addresses.get(move.from()));
            involved.add(move.from());
            involved.add(move.to());
        }
        List<ExecutionVertex> owners =
                vertex.subtasks().stream()
                        .filter(owner -> involved.contains(owner.getParallelSubtaskIndex()))
                        .toList();
        boolean last = step.index() == plan.steps().size() - 1;
        int live = last ? to : Math.max(from, to);
        return sendAll(
                        owners,
                        ignored -> new TaskCommand.BeginStep(step, givers),
                        settings.prepareTimeout())
                .thenComposeAsync(
                        ignored -> {
                            surroundings.requireAlive();
                            if (step.index() == 0) {
                                enter(RescaleState.MIGRATE, plan.steps().size() + " step(s)");
                            }
                            CompletableFuture<List<TaskReply>> over =
                                    tasks.sendAll(
                                            owners,
                                            epoch,
                                            owner -> new TaskCommand.AwaitStep(step.index()),
                                            settings.stepTimeout());
                            CompletableFuture<Void> switched =
                                    sendAll(
                                            vertex.upstreamTasks(),
                                            upstream ->
                                                    new TaskCommand.SwitchRoutes(
                                                            vertex.inputResults(),
                                                            step.index(),
                                                            step.ownership(),
                                                            live),
                                            settings.stepTimeout());
                            return FutureUtils.combineAll(List.of(switched, over))
                                    .thenAcceptAsync(
                                            all -> account(step, over.join()),
                                            surroundings.mainThread());
                        },
                        surroundings.mainThread());
    }

    private CompletableFuture<Void> commit() {
        enter(RescaleState.COMMIT, "");
        CompletableFuture<Void> owners =
                sendAll(
                        vertex.subtasks(0, Math.min(from, to) == to ? to : vertex.parallelism()),
                        ignored -> new TaskCommand.CommitOwner(after),
                        settings.stepTimeout());
        CompletableFuture<Void> upstream =
                sendAll(
                        vertex.upstreamTasks(),
                        ignored -> new TaskCommand.CommitRoutes(vertex.inputResults(), after),
                        settings.stepTimeout());
        return FutureUtils.combineAll(List.of(owners, upstream)).thenApply(ignored -> null);
    }

    /** Ends the subtasks from the given index on, which own nothing, and forgets them. */
    private CompletableFuture<Void> retire(int first) {
        enter(RescaleState.RETIRE, "subtasks " + first + " to " + (vertex.parallelism() - 1));
        List<ExecutionVertex> retiring = vertex.subtasks(first, vertex.parallelism());
        CompletableFuture<Void> ended =
                sendAll(retiring, ignored -> new TaskCommand.Retire(), settings.stepTimeout());
        ended =
                then(
                        ended,
                        () ->
                                surroundings.when(
                                        () ->
                                                retiring.stream()
                                                        .allMatch(
                                                                s ->
                                                                        s.getExecutionState()
                                                                                == ExecutionState
                                                                                        .FINISHED),
                                        settings.stepTimeout(),
                                        "retired subtasks to finish"));
        // FINISHED reaches the JobMaster before downstream tasks have read the last records.
        ended =
                then(
                        ended,
                        () -> {
                            List<CompletableFuture<Void>> shrunk = new ArrayList<>();
                            vertex.forEachOutput(
                                    (result, consumers) ->
                                            shrunk.add(
                                                    sendAll(
                                                            consumers,
                                                            ignored ->
                                                                    new TaskCommand.ShrinkInput(
                                                                            result.getId(), first),
                                                            settings.stepTimeout())));
                            return FutureUtils.combineAll(shrunk).thenApply(ignored -> null);
                        });
        ended =
                then(
                        ended,
                        () ->
                                sendAll(
                                        vertex.upstreamTasks(),
                                        ignored ->
                                                new TaskCommand.ShrinkOutput(
                                                        vertex.inputResults(), first),
                                        settings.stepTimeout()));
        return ended.thenRunAsync(
                () -> {
                    surroundings.requireAlive();
                    shrinkGraph(first);
                },
                surroundings.mainThread());
    }

    private void shrinkGraph(int parallelism) {
        try {
            resizer.shrink(vertex.jobVertex(), parallelism);
        } catch (JobException e) {
            throw new RescaleException("The execution graph cannot be resized", e);
        }
        vertex.refresh();
        if (gate != null) {
            gate.rebuild();
        }
    }

    /** What an error means depends on how far the rescale had come. */
    private CompletableFuture<Outcome> undo(RescaleException cause) {
        return switch (state) {
            case IDLE, PREFLIGHT, QUIESCE -> done(new Outcome.Aborted(cause));
            case RESIZE_GRAPH, RESERVE_SLOTS, GROW_UPSTREAM, DEPLOY, GROW_DOWNSTREAM,
                            PREPARE_OWNERS ->
                    undoGrowth(cause);
            case MIGRATE, COMMIT, RETIRE, COMPLETED, ABORTED, RESTARTED ->
                    done(new Outcome.Broken(cause, true));
        };
    }

    /** Takes back, in reverse order, whatever of the growth has happened. */
    private CompletableFuture<Outcome> undoGrowth(RescaleException cause) {
        surroundings.requireAlive();
        RescaleState reached = state;
        CompletableFuture<Void> undone = CompletableFuture.completedFuture(null);
        if (reached == RescaleState.PREPARE_OWNERS) {
            undone =
                    then(
                            undone,
                            () ->
                                    sendAll(
                                            vertex.subtasks(0, from),
                                            ignored -> new TaskCommand.AbortOwner(before),
                                            settings.stepTimeout()));
        }
        if (vertex.parallelism() > from) {
            if (reached.compareTo(RescaleState.GROW_DOWNSTREAM) >= 0) {
                undone = then(undone, this::abandonDownstreamChannels);
            }
            undone = then(undone, this::cancelAdded);
            if (reached.compareTo(RescaleState.GROW_UPSTREAM) >= 0) {
                undone =
                        then(
                                undone,
                                () ->
                                        sendAll(
                                                vertex.upstreamTasks(),
                                                ignored ->
                                                        new TaskCommand.ShrinkOutput(
                                                                vertex.inputResults(), from),
                                                settings.stepTimeout()));
            }
            undone =
                    undone.thenRunAsync(
                            () -> {
                                surroundings.requireAlive();
                                shrinkGraph(from);
                            },
                            surroundings.mainThread());
        }
        return undone.thenApply(ignored -> new Outcome.Aborted(cause));
    }

    private CompletableFuture<Void> abandonDownstreamChannels() {
        List<CompletableFuture<Void>> abandoned = new ArrayList<>();
        vertex.forEachOutput(
                (result, consumers) ->
                        abandoned.add(
                                sendAll(
                                        consumers,
                                        ignored ->
                                                new TaskCommand.AbandonInput(result.getId(), from),
                                        settings.stepTimeout())));
        return FutureUtils.combineAll(abandoned).thenApply(ignored -> null);
    }

    private CompletableFuture<Void> cancelAdded() {
        List<ExecutionVertex> added = vertex.subtasks(from, vertex.parallelism());
        added.forEach(subtask -> subtask.getCurrentExecutionAttempt().cancel());
        return surroundings.when(
                () -> added.stream().allMatch(s -> s.getExecutionState().isTerminal()),
                settings.stepTimeout(),
                "new subtasks to end");
    }

    private void account(MigrationStep step, List<TaskReply> replies) {
        ledger.moved(
                rescaleId,
                StepAccounting.total(
                        ledger.find(rescaleId).orElseThrow().volume(),
                        step,
                        keyGroupBytes,
                        StepAccounting.minimalBytes(before, to, keyGroupBytes),
                        replies));
    }

    private CompletableFuture<Void> sendAll(
            List<ExecutionVertex> to,
            java.util.function.Function<ExecutionVertex, TaskCommand> command,
            Duration timeout) {
        surroundings.requireAlive();
        return tasks.sendAll(to, epoch, command, timeout).thenApply(ignored -> null);
    }

    private CompletableFuture<Void> then(
            CompletableFuture<Void> before, Supplier<CompletableFuture<Void>> next) {
        return before.thenComposeAsync(
                ignored -> {
                    surroundings.requireAlive();
                    return next.get();
                },
                surroundings.mainThread());
    }

    private void enter(RescaleState next, String detail) {
        state = next;
        ledger.entered(rescaleId, next, detail);
    }

    private static CompletableFuture<Outcome> done(Outcome outcome) {
        return CompletableFuture.completedFuture(outcome);
    }
}
