package dev.tern.rescale.coordinate;

import dev.tern.rescale.control.TaskCommand;
import dev.tern.rescale.control.TaskCommand.OwnerAddress;
import dev.tern.rescale.control.TaskCommand.OwnerOptions;
import dev.tern.rescale.control.TaskReply;
import dev.tern.rescale.plan.MigrationPlan;
import dev.tern.rescale.plan.MigrationStep;
import dev.tern.rescale.plan.Ownership;
import dev.tern.rescale.request.RescaleState;

import org.apache.flink.runtime.executiongraph.ExecutionVertex;
import org.apache.flink.util.concurrent.FutureUtils;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Moves key groups between subtasks that run, step by step. */
final class Migration {

    private final RescaleScope scope;
    private final VertexTasks vertex;
    private final MigrationPlan plan;
    private final Map<Integer, Long> keyGroupBytes;
    private final CheckpointPause pause;
    private final SuspensionGuard guard;
    private int stepsDone;
    private Map<Integer, OwnerAddress> addresses = Map.of();

    Migration(
            RescaleScope scope,
            MigrationPlan plan,
            Map<Integer, Long> keyGroupBytes,
            CheckpointPause pause) {
        this.scope = scope;
        this.vertex = scope.vertex();
        this.plan = plan;
        this.keyGroupBytes = keyGroupBytes;
        this.pause = pause;
        this.guard = new SuspensionGuard(scope.settings().maxSuspension());
    }

    /**
     * Completes when the new ownership counts.
     *
     * @return how many steps were carried out: all, or as many as were wanted
     */
    CompletableFuture<Integer> run() {
        return scope.then(prepareOwners(), () -> migrateFrom(0))
                .thenApply(ignored -> stepsDone);
    }

    /** The ownership after so many steps. */
    static Ownership ownershipAfter(MigrationPlan plan, int steps) {
        if (steps == plan.steps().size()) {
            return plan.after();
        }
        return steps == 0 ? plan.before() : plan.steps().get(steps - 1).ownership();
    }

    private CompletableFuture<Void> migrateFrom(int index) {
        if (index == plan.steps().size()) {
            return commit(plan.after());
        }
        return migrate(plan.steps().get(index)).thenCompose(ignored -> betweenSteps(index + 1));
    }

    /** In the main thread, as the end of the step before. */
    private CompletableFuture<Void> betweenSteps(int done) {
        stepsDone = done;
        if (done == plan.steps().size()) {
            return migrateFrom(done);
        }
        Ownership present = ownershipAfter(plan, done);
        guard.objection(bytesOf(plan.steps().get(done))).ifPresent(scope::requestStop);
        if (scope.stopReason().isPresent()) {
            return commit(present);
        }
        CompletableFuture<Void> ready = pause.letThrough(present);
        return ready.isDone() && !ready.isCompletedExceptionally()
                ? migrateFrom(done)
                : scope.then(
                        ready,
                        () ->
                                scope.stopReason().isPresent()
                                        ? commit(present)
                                        : migrateFrom(done));
    }

    private CompletableFuture<Void> prepareOwners() {
        scope.enter(RescaleState.PREPARE_OWNERS, "");
        OwnerOptions options =
                new OwnerOptions(
                        scope.settings().setAsideMemory().getBytes(),
                        scope.settings().transferByReference(),
                        scope.settings().assertOwnership());
        List<ExecutionVertex> owners = vertex.subtasks();
        return scope.ask(
                        owners,
                        owner ->
                                new TaskCommand.PrepareOwner(
                                        vertex.processOf(owner),
                                        scope.before(),
                                        scope.after(),
                                        options),
                        scope.settings().prepareTimeout())
                .thenAcceptAsync(
                        replies -> prepared(owners, replies), scope.surroundings().mainThread());
    }

    private void prepared(List<ExecutionVertex> owners, List<TaskReply> replies) {
        Map<Integer, OwnerAddress> found = new HashMap<>();
        Map<Integer, HeapRoom> rooms = new HashMap<>();
        for (int i = 0; i < owners.size(); i++) {
            ExecutionVertex owner = owners.get(i);
            TaskReply.Prepared prepared = (TaskReply.Prepared) replies.get(i);
            found.put(owner.getParallelSubtaskIndex(), address(owner, prepared));
            if (prepared.freeHeapBytes() != TaskReply.Prepared.NOT_ON_HEAP) {
                rooms.put(
                        owner.getParallelSubtaskIndex(),
                        new HeapRoom(
                                vertex.processOf(owner).getStringWithMetadata(),
                                prepared.freeHeapBytes()));
            }
        }
        addresses = found;
        HeapRoom.shortage(plan.moves(), keyGroupBytes, rooms)
                .ifPresent(
                        sentence -> {
                            throw new RescaleException(sentence);
                        });
    }

    private OwnerAddress address(ExecutionVertex owner, TaskReply.Prepared prepared) {
        return new OwnerAddress(
                vertex.processOf(owner),
                owner.getCurrentExecutionAttempt().getAttemptId().toString(),
                prepared.endpoint());
    }

    private CompletableFuture<Void> migrate(MigrationStep step) {
        StepRoles roles = StepRoles.of(plan, step, vertex.hasBroadcastInput());
        Map<Integer, MigrationStep> shares = step.bySubtask();
        List<ExecutionVertex> involved = roles.involved().stream().map(vertex::subtask).toList();
        CompletableFuture<Void> begun =
                scope.tell(
                        involved,
                        owner -> beginStep(step, shares, roles, owner),
                        scope.settings().prepareTimeout());
        return scope.then(begun, () -> switchAndAwait(step, involved, roles.liveSubtasks()));
    }

    /** A task is told what concerns it; with everything, a step would weigh tasks x moves. */
    private TaskCommand beginStep(
            MigrationStep step,
            Map<Integer, MigrationStep> shares,
            StepRoles roles,
            ExecutionVertex owner) {
        int subtask = owner.getParallelSubtaskIndex();
        MigrationStep share =
                shares.getOrDefault(
                        subtask, new MigrationStep(step.index(), List.of(), step.ownership()));
        // Copies of broadcast state come from others than the key groups do.
        Set<Integer> from = vertex.hasBroadcastInput() ? roles.givers() : share.giversTo(subtask);
        Map<Integer, OwnerAddress> givers = new HashMap<>();
        from.forEach(giver -> givers.put(giver, addresses.get(giver)));
        return new TaskCommand.BeginStep(share, givers);
    }

    private CompletableFuture<Void> switchAndAwait(
            MigrationStep step, List<ExecutionVertex> involved, int liveSubtasks) {
        if (step.index() == 0) {
            scope.enter(RescaleState.MIGRATE, plan.steps().size() + " step(s)");
        }
        CompletableFuture<List<TaskReply>> over =
                scope.ask(
                        involved,
                        ignored -> new TaskCommand.AwaitStep(step.index()),
                        scope.settings().stepTimeout());
        CompletableFuture<Void> switched =
                scope.tellUpstream(
                        new TaskCommand.SwitchRoutes(
                                vertex.inputResults(),
                                step.index(),
                                step.ownership(),
                                liveSubtasks),
                        scope.settings().stepTimeout());
        return FutureUtils.combineAll(List.of(switched, over))
                .thenAcceptAsync(
                        ignored -> account(step, over.join()),
                        scope.surroundings().mainThread());
    }

    private long bytesOf(MigrationStep step) {
        return StepAccounting.bytesOf(step.moves(), keyGroupBytes);
    }

    private void account(MigrationStep step, List<TaskReply> replies) {
        guard.stepDone(bytesOf(step), StepAccounting.suspensionNanos(replies));
        RescaleLedger ledger = scope.ledger();
        ledger.moved(
                scope.rescaleId(),
                StepAccounting.total(
                        ledger.find(scope.rescaleId()).orElseThrow().volume(),
                        step,
                        keyGroupBytes,
                        StepAccounting.minimalBytes(scope.before(), scope.to(), keyGroupBytes),
                        replies));
    }

    /** Subtasks that retire are not told: they own nothing. */
    private CompletableFuture<Void> commit(Ownership present) {
        scope.enter(RescaleState.COMMIT, "");
        CompletableFuture<Void> owners =
                scope.tell(
                        vertex.subtasks(0, present.parallelism()),
                        ignored -> new TaskCommand.CommitOwner(present),
                        scope.settings().stepTimeout());
        CompletableFuture<Void> upstream =
                scope.tellUpstream(
                        new TaskCommand.CommitRoutes(vertex.inputResults(), present),
                        scope.settings().stepTimeout());
        return FutureUtils.combineAll(List.of(owners, upstream)).thenApply(ignored -> null);
    }
}
