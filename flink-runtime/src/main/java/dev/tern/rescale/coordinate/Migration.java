package dev.tern.rescale.coordinate;

import dev.tern.rescale.control.TaskCommand;
import dev.tern.rescale.control.TaskCommand.OwnerAddress;
import dev.tern.rescale.control.TaskCommand.OwnerOptions;
import dev.tern.rescale.control.TaskReply;
import dev.tern.rescale.plan.MigrationPlan;
import dev.tern.rescale.plan.MigrationStep;
import dev.tern.rescale.plan.Ownership;
import dev.tern.rescale.strategy.HandoverChoices;
import dev.tern.rescale.strategy.HandoverProtocol.RouteSwitch;

import org.apache.flink.runtime.executiongraph.ExecutionVertex;
import org.apache.flink.util.concurrent.FutureUtils;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Moves the key groups of one vertex between subtasks that run, step by step. */
final class Migration implements Relocation {

    private final RescaleScope scope;
    private final VertexChange change;
    private final VertexTasks vertex;
    private final MigrationPlan plan;
    private final Duration pause;
    private final Map<Integer, Long> keyGroupBytes;
    private final long bytesMinimal;
    private final SuspensionGuard guard;
    private final HandoverChoices choices;
    private Map<Integer, OwnerAddress> addresses = Map.of();
    private long[] latest = {};

    /**
     * @param pause how long nothing moves before each further step
     * @param keyGroupBytes estimated serialized size of each key group
     * @param bytesMinimal what the rescale would move at least, in all vertices
     * @param guard is told how long records wait
     * @param choices how a step is handed over
     */
    Migration(
            RescaleScope scope,
            VertexChange change,
            MigrationPlan plan,
            Duration pause,
            Map<Integer, Long> keyGroupBytes,
            long bytesMinimal,
            SuspensionGuard guard,
            HandoverChoices choices) {
        this.scope = scope;
        this.change = change;
        this.vertex = change.vertex();
        this.plan = plan;
        this.pause = pause;
        this.keyGroupBytes = keyGroupBytes;
        this.bytesMinimal = bytesMinimal;
        this.guard = guard;
        this.choices = choices;
    }

    @Override
    public VertexChange change() {
        return change;
    }

    @Override
    public int steps() {
        return plan.batches().size();
    }

    @Override
    public Duration pause() {
        return pause;
    }

    @Override
    public long bytesOf(int step) {
        return StepAccounting.bytesOf(plan.batches().get(step), keyGroupBytes);
    }

    @Override
    public Ownership after(int steps) {
        return plan.after(steps);
    }

    @Override
    public StopPoint stopPoint(int steps) {
        return StopPoint.of(vertex.jobVertex().getName(), plan, steps);
    }

    @Override
    public CompletableFuture<HeapRoom.Load> prepare() {
        OwnerOptions options =
                new OwnerOptions(
                        scope.settings().setAsideMemory().getBytes(),
                        scope.settings().transferByReference(),
                        scope.settings().assertOwnership(),
                        choices);
        List<ExecutionVertex> owners = vertex.subtasks();
        return scope.ask(
                        owners,
                        owner ->
                                new TaskCommand.PrepareOwner(
                                        vertex.processOf(owner),
                                        change.before(),
                                        change.after(),
                                        options),
                        scope.settings().prepareTimeout())
                .thenApplyAsync(
                        replies -> prepared(owners, replies), scope.surroundings().mainThread());
    }

    private HeapRoom.Load prepared(List<ExecutionVertex> owners, List<TaskReply> replies) {
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
        return new HeapRoom.Load(plan.moves(), keyGroupBytes, rooms);
    }

    private OwnerAddress address(ExecutionVertex owner, TaskReply.Prepared prepared) {
        return new OwnerAddress(
                vertex.processOf(owner),
                owner.getCurrentExecutionAttempt().getAttemptId().toString(),
                prepared.endpoint());
    }

    @Override
    public CompletableFuture<Void> begin(int index) {
        MigrationStep step = plan.steps().get(index);
        StepRoles roles = rolesOf(step);
        Map<Integer, MigrationStep> shares = step.bySubtask();
        return scope.ask(
                        involved(roles),
                        owner -> beginStep(step, shares, roles, owner),
                        scope.settings().prepareTimeout())
                .thenAcceptAsync(
                        replies -> latest = StepAccounting.latestTimes(replies),
                        scope.surroundings().mainThread());
    }

    private StepRoles rolesOf(MigrationStep step) {
        return StepRoles.of(plan, step, vertex.hasBroadcastInput());
    }

    private List<ExecutionVertex> involved(StepRoles roles) {
        return roles.involved().stream().map(vertex::subtask).toList();
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

    @Override
    public CompletableFuture<Void> carryOut(int index, boolean last) {
        MigrationStep step = plan.steps().get(index);
        StepRoles roles = rolesOf(step);
        CompletableFuture<List<TaskReply>> over =
                scope.ask(
                        involved(roles),
                        ignored -> new TaskCommand.AwaitStep(index, latest),
                        scope.settings().stepTimeout());
        CompletableFuture<Void> switched =
                scope.tellUpstream(
                        change,
                        new TaskCommand.SwitchRoutes(
                                vertex.inputResults(),
                                index,
                                step.ownership(),
                                roles.liveSubtasks(last),
                                choices.routeSwitch() == RouteSwitch.ANNOUNCED),
                        scope.settings().stepTimeout());
        return FutureUtils.combineAll(List.of(switched, over))
                .thenAcceptAsync(
                        ignored -> account(step, over.join()),
                        scope.surroundings().mainThread());
    }

    private void account(MigrationStep step, List<TaskReply> replies) {
        guard.stepDone(bytesOf(step.index()), StepAccounting.suspensionNanos(replies));
        RescaleLedger ledger = scope.ledger();
        ledger.moved(
                scope.rescaleId(),
                StepAccounting.total(
                        ledger.find(scope.rescaleId()).orElseThrow().volume(),
                        step,
                        keyGroupBytes,
                        bytesMinimal,
                        replies));
    }

    /** Subtasks that retire are not told: they own nothing. */
    @Override
    public CompletableFuture<Void> commit(Ownership present) {
        CompletableFuture<Void> owners =
                scope.tell(
                        vertex.subtasks(0, present.parallelism()),
                        ignored -> new TaskCommand.CommitOwner(present),
                        scope.settings().stepTimeout());
        CompletableFuture<Void> upstream =
                scope.tellUpstream(
                        change,
                        new TaskCommand.CommitRoutes(vertex.inputResults(), present),
                        scope.settings().stepTimeout());
        return FutureUtils.combineAll(List.of(owners, upstream)).thenApply(ignored -> null);
    }
}
