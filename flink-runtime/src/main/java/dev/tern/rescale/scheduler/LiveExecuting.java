package dev.tern.rescale.scheduler;

import dev.tern.rescale.coordinate.CheckpointGate;
import dev.tern.rescale.coordinate.LiveRescale;
import dev.tern.rescale.coordinate.Outcome;
import dev.tern.rescale.coordinate.RescaleException;
import dev.tern.rescale.coordinate.VertexTarget;
import dev.tern.rescale.request.RefusalKind;
import dev.tern.rescale.request.RescaleAnswer;
import dev.tern.rescale.request.RescaleMode;
import dev.tern.rescale.request.RescaleRequest;
import dev.tern.rescale.request.RescaleTrigger;

import org.apache.flink.api.common.JobStatus;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.execution.ExecutionState;
import org.apache.flink.runtime.executiongraph.DefaultExecutionGraph;
import org.apache.flink.runtime.executiongraph.ErrorInfo;
import org.apache.flink.runtime.executiongraph.ExecutionGraph;
import org.apache.flink.runtime.executiongraph.ExecutionVertex;
import org.apache.flink.runtime.executiongraph.TaskExecutionStateTransition;
import org.apache.flink.runtime.jobgraph.JobVertexID;
import org.apache.flink.runtime.operators.coordination.CoordinationResponse;
import org.apache.flink.runtime.scheduler.ExecutionGraphHandler;
import org.apache.flink.runtime.scheduler.OperatorCoordinatorHandler;
import org.apache.flink.runtime.scheduler.adaptive.Executing;
import org.apache.flink.runtime.scheduler.adaptive.State;
import org.apache.flink.runtime.scheduler.exceptionhistory.ExceptionHistoryEntry;

import org.slf4j.Logger;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The state of a running job in which parallelism changes in place.
 *
 * <p>A change somebody asked for is taken up at once, past the waits of Flink's state transition
 * manager; what the manager decides by itself (a TaskManager joined) is tried live too. What cannot
 * be done live goes the stock way. JobMaster main thread.
 */
final class LiveExecuting extends Executing {

    private static final Duration TASKS_STARTING_RETRY = Duration.ofMillis(20);
    private static final String ABORT_ASKED_FOR =
            "Aborted by flink rescale --abort or DELETE /jobs/:jobid/rescales.";

    private final LiveAdaptiveScheduler scheduler;
    private final DefaultExecutionGraph graph;
    private final ClassLoader userCodeLoader;
    private final RestartableTransitionManager manager;
    private final CheckpointGate gate;
    private final RescaleRunner runner;
    private final RequestDesk desk;
    private final ParallelismChanges changes;
    private final RescaleEndings endings;
    private final SlotWait slotWait;

    private LiveRescale running;
    private boolean decidedByManager;
    private boolean stopAskedFor;
    private CompletableFuture<Void> idle = CompletableFuture.completedFuture(null);
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
        this.graph = (DefaultExecutionGraph) graph;
        this.userCodeLoader = userCodeLoader;
        this.manager = manager;
        GraphMemory memory = scheduler.memoryOf(graph);
        this.gate = CheckpointGate.install(this.graph);
        this.runner = new RescaleRunner(scheduler, this.graph, memory, gate, () -> left);
        this.desk = new RequestDesk(scheduler, this.graph, memory);
        this.changes = new ParallelismChanges(scheduler, graph);
        this.endings =
                new RescaleEndings(
                        scheduler, graph, manager, gate, runner, changes, new ByRestart());
        this.slotWait = new SlotWait(scheduler, this, graph);
        endings.closeRestartRecords();
        scheduler.runIfState(this, this::tryChange, Duration.ZERO);
    }

    /** A user asks for a rescale, or for the plan of one. */
    CompletableFuture<CoordinationResponse> submit(RescaleRequest request) {
        return desk.submit(request, this::conflict);
    }

    /** A user asks what could be rescaled. */
    CompletableFuture<CoordinationResponse> check() {
        // A task that is starting cannot be asked, and that is no obstacle of the job.
        return tasks() == ChangeDecision.Tasks.CHANGING
                ? LiveAdaptiveScheduler.answered(
                        RescaleAnswer.Refused.of(
                                RefusalKind.CONFLICT,
                                "Tasks of job %s are starting or ending; try again in a moment.",
                                graph.getJobID()))
                : desk.check();
    }

    /** A user wants no rescale: gives up the one that is going on, or waits. */
    RescaleAnswer abort() {
        if (running != null) {
            Optional<String> tooLate = running.stop(ABORT_ASKED_FOR);
            if (tooLate.isPresent()) {
                return RescaleAnswer.Refused.of(RefusalKind.CONFLICT, "%s", tooLate.get());
            }
            stopAskedFor = true;
            return new RescaleAnswer.Accepted(endings.recordOf(running.rescaleId()));
        }
        Optional<RescaleIntent> waiting = scheduler.intent();
        if (waiting.isEmpty()) {
            return RescaleAnswer.Refused.of(
                    RefusalKind.CONFLICT,
                    "Job %s is not being rescaled; there is nothing to abort.",
                    graph.getJobID());
        }
        slotWait.cancel();
        endings.abortWaiting(waiting.get(), ABORT_ASKED_FOR);
        tryChange();
        return new RescaleAnswer.Accepted(endings.recordOf(waiting.get().rescaleId()));
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

    /** The requirements are what somebody wants now; all about it is entered in the scheduler. */
    void onChangeRequested() {
        slotWait.cancel();
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
        Map<JobVertexID, Integer> available = changes.available();
        List<VertexTarget> changed = changes.of(available);
        RescaleTrigger trigger =
                scheduler.requestedChange().orElse(RescaleTrigger.NEW_RESOURCE_AVAILABLE);
        Optional<String> obstacle = changes.obstacle(changed);
        if (obstacle.isEmpty() && tasks() != ChangeDecision.Tasks.RUNNING) {
            obstacle = Optional.of("Not all tasks of the job are running.");
        }
        if (obstacle.isEmpty() && !changed.isEmpty() && slotWait.slotsAreThere(changed)) {
            decidedByManager = true;
            start(changed, trigger);
            return;
        }
        endings.restartInstead(changed, trigger, obstacle.orElse("The free slots do not fit."));
        super.transitionToSubsequentState();
    }

    /** Takes up what was asked for, if something was, and if it can be done now. */
    private void tryChange() {
        Optional<RescaleTrigger> trigger = scheduler.requestedChange();
        if (running != null || left || trigger.isEmpty()) {
            return;
        }
        Optional<RescaleIntent> intent = scheduler.intent();
        List<VertexTarget> changed = changes.of(changes.wanted());
        // Whoever asked for one vertex is served first, and with that vertex.
        intent.ifPresent(i -> changed.removeIf(t -> !i.concerns(t.vertex().getJobVertexId())));
        if (changed.isEmpty()) {
            if (intent.isPresent()) {
                endings.closeOvertakenIntent(intent.get());
                tryChange();
            } else {
                scheduler.changeIsOver();
            }
            return;
        }
        Optional<String> obstacle = changes.obstacle(changed);
        boolean restarts = intent.map(i -> i.mode() == RescaleMode.RESTART).orElse(false);
        switch (ChangeDecision.of(
                tasks(), obstacle.isPresent(), restarts, slotWait.slotsAreThere(changed))) {
            case GIVE_UP_FINISHED ->
                    giveUp(changed, "Some tasks of the job have finished already.");
            case LOOK_AGAIN -> retryWhenTasksHaveStarted();
            case GIVE_UP_OBSTACLE -> giveUp(changed, obstacle.get());
            case WAIT_FOR_SLOTS -> waitForSlots(changed);
            case RESTART -> {
                slotWait.cancel();
                scheduler.changeIsOver();
                super.transitionToSubsequentState();
            }
            case START -> {
                slotWait.cancel();
                start(changed, trigger.get());
            }
        }
    }

    private void start(List<VertexTarget> changed, RescaleTrigger trigger) {
        idle = new CompletableFuture<>();
        manager.pause();
        running = runner.create(changed, trigger);
        running.run()
                .whenCompleteAsync(
                        (outcome, ignored) -> finish(outcome),
                        scheduler.getMainThreadExecutor());
    }

    private void finish(Outcome outcome) {
        String id = running.rescaleId();
        CompletableFuture<Void> finished = idle;
        boolean byManager = decidedByManager;
        running = null;
        decidedByManager = false;
        if (!left) {
            endings.ended(id, outcome, byManager);
            if (stopAskedFor) {
                stopAskedFor = false;
                endings.nothingMoreIsWanted();
            }
            tryChange();
        }
        finished.complete(null);
    }

    private void giveUp(List<VertexTarget> changed, String reason) {
        endings.giveUp(changed, reason);
        tryChange();
    }

    private void waitForSlots(List<VertexTarget> changed) {
        Optional<RescaleIntent> intent = scheduler.intent();
        if (intent.isEmpty()) {
            // The stock way: after stabilisation the manager goes on with what there is.
            super.onNewResourceRequirements();
            return;
        }
        // Never in part, as the manager would.
        manager.pause();
        slotWait.begin(intent.get(), () -> slotsDidNotCome(intent.get(), changed));
    }

    private void slotsDidNotCome(RescaleIntent intent, List<VertexTarget> changed) {
        boolean stillWanted = scheduler.intent().filter(intent::equals).isPresent();
        if (running == null && stillWanted && !slotWait.slotsAreThere(changed)) {
            endings.abortWaiting(intent, slotWait.reason(changed));
            scheduler.context().slots().releaseExcess();
        }
        tryChange();
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

    private ChangeDecision.Tasks tasks() {
        boolean finished = false;
        for (ExecutionVertex task : graph.getAllExecutionVertices()) {
            if (task.getExecutionState() == ExecutionState.FINISHED) {
                finished = true;
            } else if (task.getExecutionState() != ExecutionState.RUNNING) {
                return ChangeDecision.Tasks.CHANGING;
            }
        }
        if (graph.getState() != JobStatus.RUNNING) {
            return ChangeDecision.Tasks.CHANGING;
        }
        return finished ? ChangeDecision.Tasks.FINISHING : ChangeDecision.Tasks.RUNNING;
    }

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
            boolean known = super.updateTaskExecutionState(transition, failureLabels);
            if (transition.getExecutionState() == ExecutionState.FINISHED) {
                scheduler.tasks().finished(transition.getID());
            }
            return known;
        }
        LiveRescale rescale = running;
        boolean updated = graph.updateState(transition);
        if (updated) {
            rescale.subtaskFailed(
                    transition.getID(),
                    ErrorInfo.handleMissingThrowable(transition.getError(userCodeLoader)));
        }
        return updated;
    }

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
                        return CompletableFuture.failedFuture(
                                new RescaleException(
                                                "The job left RUNNING while the savepoint waited"
                                                        + " for a rescale; try again")
                                        .forFlink());
                    }
                    return stopWithSavepoint(targetDirectory, terminate, format);
                },
                scheduler.getMainThreadExecutor());
    }

    @Override
    public void onLeave(Class<? extends State> next) {
        left = true;
        slotWait.cancel();
        if (gate != null) {
            gate.open();
        }
        if (running != null) {
            endings.endedByJob(running.rescaleId(), next);
            scheduler.tasks().failAll("The job went to " + next.getSimpleName());
            scheduler.intentIsOver();
            idle.complete(null);
        }
        super.onLeave(next);
    }

    /** How Flink's own running state changes parallelism. */
    private final class ByRestart implements StockWay {

        @Override
        public void restartNow() {
            LiveExecuting.super.transitionToSubsequentState();
        }

        @Override
        public void restartWhenStable() {
            LiveExecuting.super.onNewResourceRequirements();
        }
    }
}
