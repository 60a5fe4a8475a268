package dev.tern.rescale.coordinate;

import dev.tern.rescale.config.RescaleSettings;
import dev.tern.rescale.control.TaskCommand;
import dev.tern.rescale.control.TaskReply;
import dev.tern.rescale.plan.Ownership;
import dev.tern.rescale.request.RescaleState;

import org.apache.flink.runtime.executiongraph.ExecutionJobVertex;
import org.apache.flink.runtime.executiongraph.ExecutionVertex;
import org.apache.flink.runtime.executiongraph.IntermediateResult;
import org.apache.flink.util.concurrent.FutureUtils;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * What all parts of one rescale share: the vertices that are to change, the state it is in, and the
 * way to the tasks. JobMaster main thread.
 */
public final class RescaleScope {

    private final String rescaleId;
    private final long epoch;
    private final List<VertexChange> changes;
    private final RescaleSettings settings;
    private final TaskGateway tasks;
    private final RescaleLedger ledger;
    private final Surroundings surroundings;
    private RescaleState state = RescaleState.IDLE;
    private String stopReason;
    private boolean undoing;

    /**
     * @param changes in topological order, at least one
     */
    public RescaleScope(
            String rescaleId,
            long epoch,
            List<VertexChange> changes,
            RescaleSettings settings,
            TaskGateway tasks,
            RescaleLedger ledger,
            Surroundings surroundings) {
        this.rescaleId = rescaleId;
        this.epoch = epoch;
        this.changes = List.copyOf(changes);
        this.settings = settings;
        this.tasks = tasks;
        this.ledger = ledger;
        this.surroundings = surroundings;
    }

    String rescaleId() {
        return rescaleId;
    }

    /** What changes, in topological order. */
    List<VertexChange> changes() {
        return changes;
    }

    List<VertexChange> growing() {
        return changes.stream().filter(VertexChange::grows).toList();
    }

    List<VertexChange> shrinking() {
        return changes.stream().filter(VertexChange::shrinks).toList();
    }

    /** All subtasks that are new. */
    List<ExecutionVertex> added() {
        return changes.stream().flatMap(change -> change.added().stream()).toList();
    }

    /** Those of the tasks that are not new. */
    List<ExecutionVertex> old(List<ExecutionVertex> some) {
        return some.stream().filter(task -> !isAdded(task)).toList();
    }

    /** Those of the tasks that do not end with this rescale. */
    List<ExecutionVertex> staying(List<ExecutionVertex> some) {
        return some.stream()
                .filter(task -> changes.stream().noneMatch(change -> change.isRetiring(task)))
                .toList();
    }

    boolean isAdded(ExecutionVertex task) {
        return changes.stream().anyMatch(change -> change.isAdded(task));
    }

    /** Who owns what in a vertex before anything moves, whether or not it changes. */
    Ownership before(ExecutionJobVertex vertex) {
        return changes.stream()
                .filter(change -> change.jobVertex() == vertex)
                .findFirst()
                .map(VertexChange::before)
                .orElseGet(() -> surroundings.ownershipOf(vertex));
    }

    RescaleSettings settings() {
        return settings;
    }

    RescaleLedger ledger() {
        return ledger;
    }

    Surroundings surroundings() {
        return surroundings;
    }

    RescaleState state() {
        return state;
    }

    /**
     * Asks for the rescale to be given up: before MIGRATE it is undone, in MIGRATE it stops after
     * the present step.
     *
     * @param why a sentence
     */
    void requestStop(String why) {
        if (stopReason == null) {
            stopReason = why;
        }
    }

    /** Why the rescale is to be given up, if it is. */
    Optional<String> stopReason() {
        return Optional.ofNullable(stopReason);
    }

    /** From now on nothing keeps the rescale from being undone. */
    void undoing() {
        undoing = true;
    }

    /** Throws when the rescale is not to go on. */
    void requireWanted() {
        surroundings.requireAlive();
        if (stopReason != null && !undoing && state.compareTo(RescaleState.MIGRATE) < 0) {
            throw new RescaleException(stopReason);
        }
    }

    void enter(RescaleState next, String detail) {
        state = next;
        ledger.entered(rescaleId, next, detail);
    }

    /** Sends one command to each task, all of which answer; see {@link TaskGateway#sendAll}. */
    CompletableFuture<List<TaskReply>> ask(
            List<ExecutionVertex> subtasks,
            Function<ExecutionVertex, TaskCommand> command,
            Duration timeout) {
        surroundings.requireAlive();
        return tasks.sendAll(subtasks, epoch, command, timeout);
    }

    /**
     * Sends one command to each task. Once key groups move, and when everything is undone, it is as
     * well if the task has come to its natural end: then nothing comes from it, and nothing goes there.
     */
    CompletableFuture<Void> tell(
            List<ExecutionVertex> subtasks,
            Function<ExecutionVertex, TaskCommand> command,
            Duration timeout) {
        if (!undoing && state.compareTo(RescaleState.MIGRATE) < 0) {
            return ask(subtasks, command, timeout).thenApply(ignored -> null);
        }
        surroundings.requireAlive();
        return tasks.sendAllLeft(subtasks, epoch, command, timeout).thenApply(ignored -> null);
    }

    /** Tells all tasks that produce into the vertex. */
    CompletableFuture<Void> tellUpstream(
            VertexChange change, TaskCommand command, Duration timeout) {
        return tell(change.vertex().upstreamTasks(), ignored -> command, timeout);
    }

    /** Like {@link #tellUpstream}, without tasks that are new and have not run yet, or no more. */
    CompletableFuture<Void> tellOldUpstream(
            VertexChange change, TaskCommand command, Duration timeout) {
        return tell(old(change.vertex().upstreamTasks()), ignored -> command, timeout);
    }

    /**
     * Tells consumers of every result of the vertex.
     *
     * @param whom which of the tasks that consume a result
     */
    CompletableFuture<Void> tellDownstream(
            VertexChange change,
            UnaryOperator<List<ExecutionVertex>> whom,
            BiFunction<IntermediateResult, ExecutionVertex, TaskCommand> command,
            Duration timeout) {
        List<CompletableFuture<Void>> told = new ArrayList<>();
        change.vertex()
                .forEachOutput(
                        (result, consumers) ->
                                told.add(
                                        tell(
                                                whom.apply(consumers),
                                                consumer -> command.apply(result, consumer),
                                                timeout)));
        return all(told.stream());
    }

    /** The same for each of some vertices, all at once. */
    static CompletableFuture<Void> forEach(
            List<VertexChange> some, Function<VertexChange, CompletableFuture<Void>> action) {
        return all(some.stream().map(action));
    }

    static CompletableFuture<Void> all(Stream<CompletableFuture<Void>> actions) {
        return FutureUtils.combineAll(actions.toList()).thenApply(ignored -> null);
    }

    /** The next part of a sequence, in the main thread, unless it is not wanted any more. */
    <T> CompletableFuture<T> then(
            CompletableFuture<Void> earlier, Supplier<CompletableFuture<T>> next) {
        return goOn(earlier, ignored -> next.get());
    }

    /**
     * Makes something out of immutable values beside the main thread, and goes on with it there,
     * unless the rescale is not wanted any more by then.
     */
    <T, R> CompletableFuture<R> compute(
            Supplier<T> pure, Function<T, CompletableFuture<R>> next) {
        return goOn(CompletableFuture.supplyAsync(pure, surroundings.background()), next);
    }

    private <T, R> CompletableFuture<R> goOn(
            CompletableFuture<T> earlier, Function<T, CompletableFuture<R>> next) {
        return earlier.thenComposeAsync(
                result -> {
                    requireWanted();
                    return next.apply(result);
                },
                surroundings.mainThread());
    }

    /** Like {@link #then}, for what is done at once. */
    CompletableFuture<Void> thenRun(CompletableFuture<Void> earlier, Runnable next) {
        return earlier.thenRunAsync(
                () -> {
                    surroundings.requireAlive();
                    next.run();
                },
                surroundings.mainThread());
    }

    /** Completes once the condition holds; fails after the step timeout. */
    CompletableFuture<Void> await(Supplier<Boolean> condition, String what) {
        return surroundings.when(
                () -> {
                    requireWanted();
                    return condition.get();
                },
                settings.stepTimeout(),
                what);
    }
}
