package dev.tern.rescale.scheduler;

import dev.tern.rescale.coordinate.CheckpointGate;
import dev.tern.rescale.coordinate.LiveObstacles;
import dev.tern.rescale.coordinate.RescaleException;
import dev.tern.rescale.coordinate.RescaleLedger;
import dev.tern.rescale.coordinate.VertexRescale;
import dev.tern.rescale.coordinate.VertexRescale.Outcome;
import dev.tern.rescale.coordinate.VertexTasks;
import dev.tern.rescale.request.RescaleMode;
import dev.tern.rescale.request.RescaleRequest;
import dev.tern.rescale.request.RescaleTrigger;

import org.apache.flink.api.common.JobStatus;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.execution.ExecutionState;
import org.apache.flink.runtime.executiongraph.DefaultExecutionGraph;
import org.apache.flink.runtime.executiongraph.ExecutionGraph;
import org.apache.flink.runtime.executiongraph.ExecutionJobVertex;
import org.apache.flink.runtime.executiongraph.ExecutionVertex;
import org.apache.flink.runtime.jobgraph.JobResourceRequirements;
import org.apache.flink.runtime.jobgraph.JobVertexID;
import org.apache.flink.runtime.operators.coordination.CoordinationResponse;
import org.apache.flink.runtime.scheduler.ExecutionGraphHandler;
import org.apache.flink.runtime.scheduler.OperatorCoordinatorHandler;
import org.apache.flink.runtime.scheduler.adaptive.Executing;
import org.apache.flink.runtime.scheduler.adaptive.State;
import org.apache.flink.runtime.scheduler.adaptive.allocator.VertexParallelism;
import org.apache.flink.runtime.scheduler.exceptionhistory.ExceptionHistoryEntry;

import org.slf4j.Logger;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledFuture;

/**
 * The state of a running job in which parallelism changes in place.
 *
 * <p>A change somebody asked for is taken up at once, past the waits of Flink's state transition
 * manager; what the manager decides by itself (a TaskManager joined) is tried live too. What cannot
 * be done live goes the stock way. JobMaster main thread.
 */
final class LiveExecuting extends Executing {

    private static final Duration TASKS_STARTING_RETRY = Duration.ofMillis(20);

    private final LiveAdaptiveScheduler scheduler;
    private final RescaleLedger ledger;
    private final DefaultExecutionGraph graph;
    private final RestartableTransitionManager manager;
    private final GraphMemory memory;
    private final CheckpointGate gate;
    private final RescaleRunner runner;
    private final RequestDesk desk;

    private VertexRescale running;
    private CompletableFuture<Void> idle = CompletableFuture.completedFuture(null);
    private ScheduledFuture<?> slotDeadline;
    private boolean retryScheduled;
    private boolean left;

    LiveExecuting(
            LiveAdaptiveScheduler scheduler,
            ExecutionGraph graph,
            ExecutionGraphHandler graphHandler,
            OperatorCoordinatorHandler coordinators,
            Logger logger,
            ClassLoader userCodeLoader,
            List<ExceptionHistoryEntry> failures,
            RestartableTransitionManager manager,
            int rescaleOnFailedCheckpointCount) {
        super(
                graph,
                graphHandler,
                coordinators,
                logger,
                scheduler,
                userCodeLoader,
                failures,
                manager::bind,
                rescaleOnFailedCheckpointCount);
        this.scheduler = scheduler;
        this.ledger = scheduler.context().ledger();
        this.graph = (DefaultExecutionGraph) graph;
        this.manager = manager;
        this.memory = scheduler.memoryOf(graph);
        this.gate = CheckpointGate.install(this.graph);
        this.runner = new RescaleRunner(scheduler, this.graph, memory, gate, () -> left);
        this.desk = new RequestDesk(scheduler, this.graph, memory);
        closeRestartRecord();
        scheduler.runIfState(this, this::tryChange, Duration.ZERO);
    }

    /** A user asks for a rescale, or for the plan of one. */
    CompletableFuture<CoordinationResponse> submit(RescaleRequest request) {
        return desk.submit(request, running != null || scheduler.intent().isPresent());
    }

    // ------------------------------------------------------------------ what sets a change off

    @Override
    public void onNewResourceRequirements() {
        tryChange();
    }

    @Override
    public void onNewResourcesAvailable() {
        tryChange();
        if (running == null) {
            super.onNewResourcesAvailable();
        }
    }

    /** Decided by Flink's manager: resources have changed by themselves and are stable. */
    @Override
    public void transitionToSubsequentState() {
        if (running != null) {
            return;
        }
        boolean restartDecided =
                scheduler.intent().map(i -> i.mode() == RescaleMode.RESTART).orElse(false);
        if (!restartDecided) {
            Map<JobVertexID, Integer> available = availableParallelism();
            List<ExecutionJobVertex> changed = changed(available);
            if (!changed.isEmpty() && liveObstacle(changed).isEmpty() && allTasksAre(ExecutionState.RUNNING)) {
                ExecutionJobVertex vertex = changed.get(0);
                if (slotsAreThere(vertex, available.get(vertex.getJobVertexId()))) {
                    start(
                            vertex,
                            available.get(vertex.getJobVertexId()),
                            RescaleTrigger.NEW_RESOURCE_AVAILABLE);
                    return;
                }
            }
        }
        super.transitionToSubsequentState();
    }

    /** Takes up what was asked for, if something was, and if it can be done now. */
    private void tryChange() {
        if (running != null || left || !scheduler.isChangeRequested()) {
            return;
        }
        Map<JobVertexID, Integer> wanted = upperBounds();
        List<ExecutionJobVertex> changed = changed(wanted);
        if (changed.isEmpty()) {
            scheduler.changeIsOver();
            closeOvertakenIntent();
            return;
        }
        if (allTasksAre(ExecutionState.FINISHED, ExecutionState.RUNNING)
                && !allTasksAre(ExecutionState.RUNNING)) {
            giveUp(changed.get(0), wanted, "Some tasks of the job have finished already.");
            return;
        }
        if (!allTasksAre(ExecutionState.RUNNING)) {
            retryWhenTasksHaveStarted();
            return;
        }
        Optional<String> obstacle = liveObstacle(changed);
        ExecutionJobVertex vertex = changed.get(0);
        int to = wanted.get(vertex.getJobVertexId());
        if (!slotsAreThere(vertex, to)) {
            waitForSlots(vertex, to);
            return;
        }
        cancelSlotDeadline();
        boolean restartDecided =
                scheduler.intent().map(i -> i.mode() == RescaleMode.RESTART).orElse(false);
        if (restartDecided) {
            scheduler.changeIsOver();
            super.transitionToSubsequentState();
        } else if (obstacle.isPresent()) {
            giveUp(vertex, wanted, obstacle.get());
        } else {
            start(vertex, to, RescaleTrigger.UPDATE_REQUIREMENT);
        }
    }

    // ------------------------------------------------------------------ the rescale itself

    private void start(ExecutionJobVertex vertex, int to, RescaleTrigger trigger) {
        VertexTasks tasks = new VertexTasks(graph, vertex);
        idle = new CompletableFuture<>();
        manager.pause();
        running = runner.create(tasks, to, trigger);
        running.run()
                .whenCompleteAsync(
                        (outcome, ignored) -> finish(tasks, outcome),
                        scheduler.getMainThreadExecutor());
    }

    private void finish(VertexTasks vertex, Outcome outcome) {
        String id = running.rescaleId();
        int from = ledger.find(id).orElseThrow().from();
        CompletableFuture<Void> finished = idle;
        running = null;
        if (left) {
            idle.complete(null);
            return;
        }
        boolean asked = scheduler.intent().map(i -> i.rescaleId().equals(id)).orElse(false);
        if (outcome instanceof Outcome.Completed completed) {
            runner.committed(vertex, completed.ownership());
            ledger.completed(id);
            endIntent(asked);
        } else if (outcome instanceof Outcome.NotLive notLive) {
            notLive(id, asked, reasonOf(vertex, notLive));
        } else if (outcome instanceof Outcome.Aborted aborted) {
            ledger.aborted(id, aborted.cause().getMessage());
            revert(vertex, from, asked);
        } else if (outcome instanceof Outcome.Broken broken) {
            restartBroken(vertex, from, asked, id, broken);
            return;
        }
        if (!left) {
            openGate();
            manager.resume();
            tryChange();
        }
        finished.complete(null);
    }

    private void restartBroken(
            VertexTasks vertex, int from, boolean asked, String id, Outcome.Broken broken) {
        ledger.failed(id, broken.cause().getMessage());
        if (broken.afterMigration()) {
            endIntent(asked);
        } else {
            revert(vertex, from, asked);
        }
        idle.complete(null);
        scheduler.handleGlobalFailure(broken.cause());
    }

    private static String reasonOf(VertexTasks vertex, Outcome.NotLive notLive) {
        return String.format(
                "Vertex %s %s.",
                vertex.jobVertex().getName(), String.join(" and ", notLive.obstacles()));
    }

    private void notLive(String id, boolean asked, String reason) {
        RescaleIntent intent = scheduler.intent().orElse(null);
        if (asked && !intent.mayRestart()) {
            ledger.aborted(id, reason);
            scheduler.revertRequirements(intent.requirementsBefore());
            endIntent(true);
            return;
        }
        ledger.restarting(id, reason);
        scheduler.restartDecided(id);
        if (asked) {
            scheduler.changeIsOver();
            super.transitionToSubsequentState();
        } else {
            scheduler.changeIsOver();
            manager.resume();
            super.onNewResourceRequirements();
        }
    }

    /** Undone: nothing may act on the requirements any more. */
    private void revert(VertexTasks vertex, int from, boolean asked) {
        JobResourceRequirements before =
                asked
                        ? scheduler.intent().orElseThrow().requirementsBefore()
                        : scheduler.withUpperBound(vertex.jobVertex().getJobVertexId(), from);
        scheduler.revertRequirements(before);
        endIntent(asked);
    }

    private void endIntent(boolean asked) {
        if (asked) {
            scheduler.intentIsOver();
        }
    }

    /** The change cannot be done live: the stock way if that is allowed. */
    private void giveUp(
            ExecutionJobVertex vertex, Map<JobVertexID, Integer> wanted, String reason) {
        RescaleIntent intent = scheduler.intent().orElse(null);
        scheduler.changeIsOver();
        if (intent != null && !intent.mayRestart()) {
            ledger.aborted(intent.rescaleId(), reason);
            scheduler.revertRequirements(intent.requirementsBefore());
            scheduler.intentIsOver();
            return;
        }
        String id =
                intent != null
                        ? intent.rescaleId()
                        : runner.record(
                                vertex,
                                wanted.get(vertex.getJobVertexId()),
                                RescaleTrigger.UPDATE_REQUIREMENT);
        ledger.restarting(id, reason);
        scheduler.restartDecided(id);
        super.onNewResourceRequirements();
    }

    /** The restart that a rescale became is over once the job runs again. */
    private void closeRestartRecord() {
        scheduler
                .takeRestartDecided()
                .ifPresent(
                        id ->
                                ledger.find(id)
                                        .filter(record -> !record.outcome().isTerminal())
                                        .ifPresent(
                                                record -> {
                                                    if (parallelismOf(record.vertexId())
                                                            == record.to()) {
                                                        ledger.completed(id);
                                                    } else {
                                                        ledger.ignored(
                                                                id,
                                                                "The job came back at parallelism "
                                                                        + parallelismOf(
                                                                                record.vertexId())
                                                                        + ".");
                                                    }
                                                }));
    }

    /** A failure came between request and rescale: the job came back as it was wanted. */
    private void closeOvertakenIntent() {
        scheduler
                .intent()
                .ifPresent(
                        intent -> {
                            ledger.restarting(
                                    intent.rescaleId(),
                                    "The job was restarted before the rescale could begin.");
                            ledger.completed(intent.rescaleId());
                            scheduler.intentIsOver();
                        });
    }

    private int parallelismOf(String vertexId) {
        return graph.getJobVertex(JobVertexID.fromHexString(vertexId)).getParallelism();
    }

    // ------------------------------------------------------------------ slots and tasks

    private boolean slotsAreThere(ExecutionJobVertex vertex, int to) {
        return to <= vertex.getParallelism()
                || scheduler.context().slots().plan(graph, vertex, to).isPresent();
    }

    private void waitForSlots(ExecutionJobVertex vertex, int to) {
        Optional<RescaleIntent> intent = scheduler.intent();
        if (intent.isEmpty()) {
            // The stock way: after stabilisation the manager goes on with what there is.
            super.onNewResourceRequirements();
            return;
        }
        if (slotDeadline == null) {
            Duration left = Duration.ofNanos(intent.get().deadlineNanos() - System.nanoTime());
            slotDeadline =
                    scheduler.runIfState(
                            this,
                            () -> slotsDidNotCome(intent.get(), vertex, to),
                            left.isNegative() ? Duration.ZERO : left);
        }
    }

    private void slotsDidNotCome(RescaleIntent intent, ExecutionJobVertex vertex, int to) {
        slotDeadline = null;
        boolean stillWanted = scheduler.intent().filter(intent::equals).isPresent();
        if (running != null || !stillWanted || slotsAreThere(vertex, to)) {
            tryChange();
            return;
        }
        ledger.aborted(
                intent.rescaleId(),
                String.format(
                        "No slots for %d more subtasks of %s within %s: %d free slot(s). Start"
                                + " TaskManagers or ask for less.",
                        to - vertex.getParallelism(),
                        vertex.getName(),
                        scheduler.context().settings().slotTimeout(),
                        scheduler.context().slots().free()));
        scheduler.revertRequirements(intent.requirementsBefore());
        scheduler.intentIsOver();
    }

    private void cancelSlotDeadline() {
        if (slotDeadline != null) {
            slotDeadline.cancel(false);
            slotDeadline = null;
        }
    }

    private void retryWhenTasksHaveStarted() {
        if (!retryScheduled) {
            retryScheduled = true;
            scheduler.runIfState(
                    this,
                    () -> {
                        retryScheduled = false;
                        tryChange();
                    },
                    TASKS_STARTING_RETRY);
        }
    }

    private boolean allTasksAre(ExecutionState... states) {
        List<ExecutionState> expected = List.of(states);
        for (ExecutionVertex task : graph.getAllExecutionVertices()) {
            if (!expected.contains(task.getExecutionState())) {
                return false;
            }
        }
        return graph.getState() == JobStatus.RUNNING;
    }

    // ------------------------------------------------------------------ what differs

    private Map<JobVertexID, Integer> upperBounds() {
        JobResourceRequirements requirements = scheduler.requestJobResourceRequirements();
        Map<JobVertexID, Integer> bounds = new HashMap<>();
        for (JobVertexID vertex : requirements.getJobVertices()) {
            bounds.put(vertex, requirements.getParallelism(vertex).getUpperBound());
        }
        return bounds;
    }

    private Map<JobVertexID, Integer> availableParallelism() {
        Map<JobVertexID, Integer> available = new HashMap<>();
        scheduler
                .getAvailableVertexParallelism()
                .ifPresent(
                        (VertexParallelism parallelism) ->
                                parallelism
                                        .getVertices()
                                        .forEach(
                                                v -> available.put(v, parallelism.getParallelism(v))));
        return available;
    }

    /** Vertices whose parallelism is not the wanted one; shrinking ones first, they free slots. */
    private List<ExecutionJobVertex> changed(Map<JobVertexID, Integer> wanted) {
        List<ExecutionJobVertex> changed = new ArrayList<>();
        for (ExecutionJobVertex vertex : graph.getVerticesTopologically()) {
            Integer parallelism = wanted.get(vertex.getJobVertexId());
            if (parallelism != null && parallelism != vertex.getParallelism()) {
                changed.add(vertex);
            }
        }
        changed.sort(
                Comparator.comparing(
                        vertex -> wanted.get(vertex.getJobVertexId()) > vertex.getParallelism()));
        return changed;
    }

    private Optional<String> liveObstacle(List<ExecutionJobVertex> vertices) {
        for (ExecutionJobVertex vertex : vertices) {
            List<String> obstacles = LiveObstacles.of(vertex, graph::getJobVertex);
            if (!obstacles.isEmpty()) {
                return Optional.of(
                        "Vertex " + vertex.getName() + " " + String.join(" and ", obstacles) + ".");
            }
        }
        return Optional.empty();
    }

    // ------------------------------------------------------------------ leaving the state

    /** Another state must not see a half-changed graph, and may come back to this one. */
    @Override
    public CompletableFuture<String> stopWithSavepoint(
            String targetDirectory, boolean terminate, SavepointFormatType format) {
        if (running == null) {
            return super.stopWithSavepoint(targetDirectory, terminate, format);
        }
        return idle.thenComposeAsync(
                ignored -> {
                    if (left) {
                        throw new RescaleException(
                                "The job left RUNNING while the savepoint waited for a rescale; try"
                                        + " again");
                    }
                    return stopWithSavepoint(targetDirectory, terminate, format);
                },
                scheduler.getMainThreadExecutor());
    }

    @Override
    public void onLeave(Class<? extends State> next) {
        left = true;
        cancelSlotDeadline();
        openGate();
        if (running != null) {
            String id = running.rescaleId();
            if (!ledger.find(id).orElseThrow().outcome().isTerminal()) {
                ledger.failed(id, "The job went to " + next.getSimpleName() + " in the middle.");
            }
            scheduler.tasks().failAll("The job went to " + next.getSimpleName());
            scheduler.intentIsOver();
            idle.complete(null);
        }
        super.onLeave(next);
    }

    private void openGate() {
        if (gate != null) {
            gate.open();
        }
    }
}
