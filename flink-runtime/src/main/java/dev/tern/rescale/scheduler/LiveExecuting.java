package dev.tern.rescale.scheduler;

import dev.tern.rescale.coordinate.CheckpointGate;
import dev.tern.rescale.coordinate.Inspection;
import dev.tern.rescale.coordinate.JobSlots;
import dev.tern.rescale.coordinate.LiveObstacles;
import dev.tern.rescale.coordinate.RescaleException;
import dev.tern.rescale.coordinate.RescaleLedger;
import dev.tern.rescale.coordinate.VertexRescale;
import dev.tern.rescale.coordinate.VertexRescale.Outcome;
import dev.tern.rescale.coordinate.VertexTasks;
import dev.tern.rescale.request.RescaleMode;
import dev.tern.rescale.request.RescaleRecord;
import dev.tern.rescale.request.RescaleRequest;
import dev.tern.rescale.request.RescaleState;
import dev.tern.rescale.request.RescaleTrigger;

import org.apache.flink.api.common.JobStatus;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.execution.ExecutionState;
import org.apache.flink.runtime.executiongraph.DefaultExecutionGraph;
import org.apache.flink.runtime.executiongraph.ErrorInfo;
import org.apache.flink.runtime.executiongraph.ExecutionGraph;
import org.apache.flink.runtime.executiongraph.ExecutionJobVertex;
import org.apache.flink.runtime.executiongraph.ExecutionVertex;
import org.apache.flink.runtime.executiongraph.TaskExecutionStateTransition;
import org.apache.flink.runtime.jobgraph.JobResourceRequirements;
import org.apache.flink.runtime.jobgraph.JobVertexID;
import org.apache.flink.runtime.operators.coordination.CoordinationResponse;
import org.apache.flink.runtime.scheduler.ExecutionGraphHandler;
import org.apache.flink.runtime.scheduler.OperatorCoordinatorHandler;
import org.apache.flink.runtime.scheduler.adaptive.Executing;
import org.apache.flink.runtime.scheduler.adaptive.Restarting;
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
    private final ClassLoader userCodeLoader;
    private final RestartableTransitionManager manager;
    private final GraphMemory memory;
    private final CheckpointGate gate;
    private final RescaleRunner runner;
    private final RequestDesk desk;

    private VertexRescale running;
    private boolean decidedByManager;
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
        this.userCodeLoader = userCodeLoader;
        this.manager = manager;
        this.memory = scheduler.memoryOf(graph);
        this.gate = CheckpointGate.install(this.graph);
        this.runner = new RescaleRunner(scheduler, this.graph, memory, gate, () -> left);
        this.desk = new RequestDesk(scheduler, this.graph, memory);
        closeRestartRecords();
        scheduler.runIfState(this, this::tryChange, Duration.ZERO);
    }

    /** A user asks for a rescale, or for the plan of one. */
    CompletableFuture<CoordinationResponse> submit(RescaleRequest request) {
        return desk.submit(request, this::conflict);
    }

    /** Why no rescale can begin now. */
    private Optional<String> conflict() {
        if (left) {
            return Optional.of(
                    String.format(
                            "Job %s is not running any more; try again when it is.",
                            graph.getJobID()));
        }
        if (running != null || scheduler.intent().isPresent()) {
            return Optional.of(
                    String.format(
                            "Job %s is being rescaled; wait until that is over (flink rescale %s"
                                    + " --status).",
                            graph.getJobID(), graph.getJobID()));
        }
        return Optional.empty();
    }

    /** Whether a live rescale is going on. */
    boolean isRescaling() {
        return running != null;
    }

    // ------------------------------------------------------------------ what sets a change off

    /** The requirements are what somebody wants now; all about it is entered in the scheduler. */
    void onChangeRequested() {
        cancelSlotDeadline();
        if (running == null && manager.isPaused()) {
            manager.resume();
        }
        tryChange();
    }

    /** Nothing yet: {@link #onChangeRequested} follows. */
    @Override
    public void onNewResourceRequirements() {}

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
        if (!manager.decided()) {
            return;
        }
        if (scheduler.isRestartDecided()) {
            super.transitionToSubsequentState();
            return;
        }
        Map<JobVertexID, Integer> available = availableParallelism();
        List<ExecutionJobVertex> changed = changed(available);
        RescaleTrigger trigger =
                scheduler.requestedChange().orElse(RescaleTrigger.NEW_RESOURCE_AVAILABLE);
        Optional<String> obstacle = liveObstacle(changed);
        if (obstacle.isEmpty() && !allTasksAre(ExecutionState.RUNNING)) {
            obstacle = Optional.of("Not all tasks of the job are running.");
        }
        if (obstacle.isEmpty() && !changed.isEmpty()) {
            ExecutionJobVertex vertex = changed.get(0);
            int to = available.get(vertex.getJobVertexId());
            if (slotsAreThere(vertex, to)) {
                decidedByManager = true;
                start(vertex, to, trigger);
                return;
            }
        }
        restartInstead(
                changed, available, trigger, obstacle.orElse("The free slots do not fit."));
        super.transitionToSubsequentState();
    }

    /** Takes up what was asked for, if something was, and if it can be done now. */
    private void tryChange() {
        Optional<RescaleTrigger> trigger = scheduler.requestedChange();
        if (running != null || left || trigger.isEmpty()) {
            return;
        }
        Map<JobVertexID, Integer> wanted = upperBounds();
        Optional<RescaleIntent> intent = scheduler.intent();
        List<ExecutionJobVertex> changed = changed(wanted);
        // Whoever asked for one vertex is served first, and with that vertex.
        intent.ifPresent(i -> changed.removeIf(v -> !v.getJobVertexId().equals(i.vertex())));
        if (changed.isEmpty()) {
            if (intent.isPresent()) {
                closeOvertakenIntent(intent.get());
                tryChange();
            } else {
                scheduler.changeIsOver();
            }
            return;
        }
        ExecutionJobVertex vertex = changed.get(0);
        int to = wanted.get(vertex.getJobVertexId());
        Optional<String> obstacle = liveObstacle(changed);
        boolean restarts = intent.map(i -> i.mode() == RescaleMode.RESTART).orElse(false);
        if (allTasksAre(ExecutionState.FINISHED, ExecutionState.RUNNING)
                && !allTasksAre(ExecutionState.RUNNING)) {
            giveUp(changed, wanted, "Some tasks of the job have finished already.");
        } else if (!allTasksAre(ExecutionState.RUNNING)) {
            retryWhenTasksHaveStarted();
        } else if (obstacle.isPresent() && !restarts) {
            giveUp(changed, wanted, obstacle.get());
        } else if (!slotsAreThere(vertex, to)) {
            waitForSlots(vertex, to);
        } else if (restarts) {
            cancelSlotDeadline();
            scheduler.changeIsOver();
            super.transitionToSubsequentState();
        } else {
            cancelSlotDeadline();
            start(vertex, to, trigger.get());
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
        CompletableFuture<Void> finished = idle;
        boolean byManager = decidedByManager;
        running = null;
        decidedByManager = false;
        if (left) {
            finished.complete(null);
            return;
        }
        Optional<RescaleIntent> asked =
                scheduler.intent().filter(intent -> intent.rescaleId().equals(id));
        if (outcome instanceof Outcome.Broken broken) {
            ledger.failed(id, broken.cause().getMessage());
            if (!broken.afterMigration()) {
                takeBack(id, asked, byManager);
            }
            asked.ifPresent(ignored -> scheduler.intentIsOver());
            finished.complete(null);
            scheduler.handleGlobalFailure(broken.cause());
            return;
        }
        if (outcome instanceof Outcome.Completed completed) {
            // Before the gate opens: what is parked behind it must know the new owners.
            runner.committed(vertex, completed.ownership());
            openGate();
            ledger.completed(id);
            asked.ifPresent(ignored -> scheduler.intentIsOver());
            if (byManager) {
                scheduler.changeIsPartlyDone();
            }
            manager.restart();
        } else if (outcome instanceof Outcome.Aborted aborted) {
            openGate();
            ledger.aborted(id, aborted.cause().getMessage());
            takeBack(id, asked, byManager);
            asked.ifPresent(ignored -> scheduler.intentIsOver());
            scheduler.context().slots().releaseExcess();
            manager.resume();
        } else if (outcome instanceof Outcome.NotLive notLive) {
            notLive(id, asked, byManager, reasonOf(vertex, notLive));
        }
        tryChange();
        finished.complete(null);
    }

    private static String reasonOf(VertexTasks vertex, Outcome.NotLive notLive) {
        return Inspection.reason(vertex.jobVertex().getName(), notLive.obstacles());
    }

    /** The tasks have said that it cannot be done live; nothing has changed. */
    private void notLive(
            String id, Optional<RescaleIntent> asked, boolean byManager, String reason) {
        if (asked.isPresent() && !asked.get().mayRestart()) {
            ledger.aborted(id, reason);
            takeBack(id, asked, byManager);
            scheduler.intentIsOver();
            manager.resume();
            return;
        }
        ledger.restarting(id, reason);
        scheduler.restartDecided(id);
        Map<JobVertexID, Integer> wanted = byManager ? availableParallelism() : upperBounds();
        List<ExecutionJobVertex> others = changed(wanted);
        others.removeIf(v -> v.getJobVertexId().toHexString().equals(recordOf(id).vertexId()));
        if (asked.isEmpty()) {
            restartInstead(
                    others,
                    wanted,
                    scheduler.requestedChange().orElse(RescaleTrigger.NEW_RESOURCE_AVAILABLE),
                    reason);
        }
        scheduler.changeIsOver();
        if (asked.isPresent() || byManager) {
            super.transitionToSubsequentState();
        } else {
            manager.resume();
            super.onNewResourceRequirements();
        }
    }

    /**
     * A rescale was given up: nothing may act on what was wanted. What only Flink's manager wanted
     * stays; it tries again after its cooldown.
     */
    private void takeBack(String id, Optional<RescaleIntent> asked, boolean byManager) {
        if (!byManager) {
            RescaleRecord record = recordOf(id);
            scheduler.takeBack(
                    JobVertexID.fromHexString(record.vertexId()),
                    record.to(),
                    asked.map(RescaleIntent::upperBoundBefore).orElse(record.from()));
        }
    }

    /** The change cannot be done live: the stock way if that is allowed. */
    private void giveUp(
            List<ExecutionJobVertex> changed, Map<JobVertexID, Integer> wanted, String reason) {
        RescaleIntent intent = scheduler.intent().orElse(null);
        if (intent != null && !intent.mayRestart()) {
            abortWaiting(intent, reason);
            return;
        }
        if (intent != null) {
            ledger.restarting(intent.rescaleId(), reason);
            scheduler.restartDecided(intent.rescaleId());
        } else {
            restartInstead(changed, wanted, RescaleTrigger.UPDATE_REQUIREMENT, reason);
        }
        scheduler.changeIsOver();
        super.onNewResourceRequirements();
    }

    /** Enters into the history that these vertices change by a restart. */
    private void restartInstead(
            List<ExecutionJobVertex> changed,
            Map<JobVertexID, Integer> wanted,
            RescaleTrigger trigger,
            String reason) {
        for (ExecutionJobVertex vertex : changed) {
            String id = runner.record(vertex, wanted.get(vertex.getJobVertexId()), trigger);
            ledger.restarting(id, reason);
            scheduler.restartDecided(id);
        }
    }

    private void abortWaiting(RescaleIntent intent, String reason) {
        ledger.aborted(intent.rescaleId(), reason);
        scheduler.takeBack(intent.vertex(), intent.to(), intent.upperBoundBefore());
        scheduler.intentIsOver();
        manager.resume();
        tryChange();
    }

    /** Restarts that rescales became are over once the job runs again. */
    private void closeRestartRecords() {
        for (String id : scheduler.takeRestartsDecided()) {
            if (!ledger.isInProgress(id)) {
                continue;
            }
            RescaleRecord record = recordOf(id);
            int present = parallelismOf(record.vertexId());
            if (present == record.to()) {
                ledger.completed(id);
            } else {
                ledger.ignored(id, "The job came back at parallelism " + present + ".");
            }
        }
    }

    /** A failure came between request and rescale: the job came back as it was wanted. */
    private void closeOvertakenIntent(RescaleIntent intent) {
        ledger.restarting(
                intent.rescaleId(), "The job was restarted before the rescale could begin.");
        ledger.completed(intent.rescaleId());
        scheduler.intentIsOver();
    }

    private RescaleRecord recordOf(String id) {
        return ledger.find(id).orElseThrow();
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
        // Never in part, as the manager would.
        manager.pause();
        if (slotDeadline == null) {
            Duration rest = Duration.ofNanos(intent.get().deadlineNanos() - System.nanoTime());
            slotDeadline =
                    scheduler.runIfState(
                            this,
                            () -> slotsDidNotCome(intent.get(), vertex, to),
                            rest.isNegative() ? Duration.ZERO : rest);
        }
    }

    private void slotsDidNotCome(RescaleIntent intent, ExecutionJobVertex vertex, int to) {
        slotDeadline = null;
        boolean stillWanted = scheduler.intent().filter(intent::equals).isPresent();
        if (running != null || !stillWanted || slotsAreThere(vertex, to)) {
            tryChange();
            return;
        }
        JobSlots slots = scheduler.context().slots();
        int further = slots.further(graph, vertex, to);
        int free = slots.free();
        abortWaiting(
                intent,
                String.format(
                        "%s needs %d further slot(s) for %d subtasks, and %d came within %d ms"
                                + " (rescale.slot-timeout). Start TaskManagers or ask for less.",
                        vertex.getName(),
                        further,
                        to,
                        free,
                        scheduler.context().settings().slotTimeout().toMillis()));
        slots.releaseExcess();
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
                        String.format(
                                "Vertex \"%s\" cannot be rescaled while it runs: it %s.",
                                vertex.getName(), String.join(", and it ", obstacles)));
            }
        }
        return Optional.empty();
    }

    // ------------------------------------------------------------------ failures

    /** A new subtask that fails before it takes part fails the rescale, not the job. */
    @Override
    public boolean updateTaskExecutionState(
            TaskExecutionStateTransition transition,
            CompletableFuture<Map<String, String>> failureLabels) {
        boolean absorbed =
                running != null
                        && transition.getExecutionState() == ExecutionState.FAILED
                        && running.absorbsFailureOf(transition.getID());
        if (!absorbed) {
            return super.updateTaskExecutionState(transition, failureLabels);
        }
        VertexRescale rescale = running;
        boolean updated = graph.updateState(transition);
        if (updated) {
            rescale.subtaskFailed(
                    transition.getID(),
                    ErrorInfo.handleMissingThrowable(transition.getError(userCodeLoader)));
        }
        return updated;
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
            if (ledger.isInProgress(id)) {
                endedByJob(id, next);
            }
            scheduler.tasks().failAll("The job went to " + next.getSimpleName());
            scheduler.intentIsOver();
            idle.complete(null);
        }
        super.onLeave(next);
    }

    private void endedByJob(String id, Class<? extends State> next) {
        RescaleRecord record = recordOf(id);
        String why =
                String.format(
                        "The job went to %s while the rescale was in %s.",
                        next.getSimpleName(), record.state());
        if (next == Restarting.class && record.state().compareTo(RescaleState.MIGRATE) >= 0) {
            ledger.failed(id, why);
        } else {
            ledger.ignored(id, why);
        }
    }

    private void openGate() {
        if (gate != null) {
            gate.open();
        }
    }
}
