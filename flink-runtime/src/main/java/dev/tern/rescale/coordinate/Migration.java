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
import java.util.concurrent.CompletableFuture;

/** Moves key groups between subtasks that run, step by step. */
final class Migration {

    private final RescaleScope scope;
    private final VertexTasks vertex;
    private final MigrationPlan plan;
    private final Map<Integer, Long> keyGroupBytes;
    private Map<Integer, OwnerAddress> addresses = Map.of();

    Migration(RescaleScope scope, MigrationPlan plan, Map<Integer, Long> keyGroupBytes) {
        this.scope = scope;
        this.vertex = scope.vertex();
        this.plan = plan;
        this.keyGroupBytes = keyGroupBytes;
    }

    /** Completes when everything has moved and the new ownership counts. */
    CompletableFuture<Void> run() {
        CompletableFuture<Void> sequence = prepareOwners();
        for (MigrationStep step : plan.steps()) {
            sequence = scope.then(sequence, () -> migrate(step));
        }
        return scope.then(sequence, this::commit);
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
                        replies -> {
                            Map<Integer, OwnerAddress> found = new HashMap<>();
                            for (int i = 0; i < owners.size(); i++) {
                                found.put(
                                        owners.get(i).getParallelSubtaskIndex(),
                                        address(
                                                owners.get(i),
                                                (TaskReply.Prepared) replies.get(i)));
                            }
                            addresses = found;
                        },
                        scope.surroundings().mainThread());
    }

    private OwnerAddress address(ExecutionVertex owner, TaskReply.Prepared prepared) {
        return new OwnerAddress(
                vertex.processOf(owner),
                owner.getCurrentExecutionAttempt().getAttemptId().toString(),
                prepared.endpoint());
    }

    private CompletableFuture<Void> migrate(MigrationStep step) {
        StepRoles roles = StepRoles.of(plan, step, vertex.hasBroadcastInput());
        Map<Integer, OwnerAddress> givers = new HashMap<>();
        roles.givers().forEach(giver -> givers.put(giver, addresses.get(giver)));
        List<ExecutionVertex> involved = roles.involved().stream().map(vertex::subtask).toList();
        CompletableFuture<Void> begun =
                scope.tell(
                        involved,
                        ignored -> new TaskCommand.BeginStep(step, givers),
                        scope.settings().prepareTimeout());
        return scope.then(begun, () -> switchAndAwait(step, involved, roles.liveSubtasks()));
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

    private void account(MigrationStep step, List<TaskReply> replies) {
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
    private CompletableFuture<Void> commit() {
        scope.enter(RescaleState.COMMIT, "");
        Ownership after = scope.after();
        CompletableFuture<Void> owners =
                scope.tell(
                        vertex.subtasks(0, after.parallelism()),
                        ignored -> new TaskCommand.CommitOwner(after),
                        scope.settings().stepTimeout());
        CompletableFuture<Void> upstream =
                scope.tellUpstream(
                        new TaskCommand.CommitRoutes(vertex.inputResults(), after),
                        scope.settings().stepTimeout());
        return FutureUtils.combineAll(List.of(owners, upstream)).thenApply(ignored -> null);
    }
}
