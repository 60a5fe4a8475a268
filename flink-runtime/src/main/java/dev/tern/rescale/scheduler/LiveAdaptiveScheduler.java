package dev.tern.rescale.scheduler;

import dev.tern.rescale.control.ReplyEvent;
import dev.tern.rescale.coordinate.TaskGateway;
import dev.tern.rescale.request.ParallelismChange;
import dev.tern.rescale.request.RefusalKind;
import dev.tern.rescale.request.RescaleAnswer;
import dev.tern.rescale.request.RescaleCall;
import dev.tern.rescale.request.RescaleControl;
import dev.tern.rescale.request.RescaleMode;
import dev.tern.rescale.request.RescaleTrigger;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.failure.FailureEnricher;
import org.apache.flink.runtime.checkpoint.CheckpointRecoveryFactory;
import org.apache.flink.runtime.checkpoint.CheckpointsCleaner;
import org.apache.flink.runtime.concurrent.ComponentMainThreadExecutor;
import org.apache.flink.runtime.executiongraph.ArchivedExecutionGraph;
import org.apache.flink.runtime.executiongraph.ExecutionAttemptID;
import org.apache.flink.runtime.executiongraph.ExecutionGraph;
import org.apache.flink.runtime.executiongraph.JobStatusListener;
import org.apache.flink.runtime.executiongraph.failover.RestartBackoffTimeStrategy;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobgraph.JobResourceRequirements;
import org.apache.flink.runtime.jobgraph.JobVertexID;
import org.apache.flink.runtime.jobgraph.JobVertexResourceRequirements.Parallelism;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.jobmaster.slotpool.DeclarativeSlotPool;
import org.apache.flink.runtime.metrics.groups.JobManagerJobMetricGroup;
import org.apache.flink.runtime.operators.coordination.CoordinationRequest;
import org.apache.flink.runtime.operators.coordination.CoordinationResponse;
import org.apache.flink.runtime.operators.coordination.OperatorEvent;
import org.apache.flink.runtime.rpc.FatalErrorHandler;
import org.apache.flink.runtime.scheduler.ExecutionGraphFactory;
import org.apache.flink.runtime.scheduler.ExecutionGraphHandler;
import org.apache.flink.runtime.scheduler.OperatorCoordinatorHandler;
import org.apache.flink.runtime.scheduler.adaptive.AdaptiveScheduler;
import org.apache.flink.runtime.scheduler.adaptive.DefaultStateTransitionManager;
import org.apache.flink.runtime.scheduler.adaptive.StateFactory;
import org.apache.flink.runtime.scheduler.adaptive.StateTransitionManager;
import org.apache.flink.runtime.scheduler.adaptive.allocator.SlotAllocator;
import org.apache.flink.runtime.scheduler.exceptionhistory.ExceptionHistoryEntry;
import org.apache.flink.util.FlinkException;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * The adaptive scheduler whose running state can change the parallelism of a vertex in place.
 *
 * <p>Keeps what must outlive the state object: the intent, the history, and what is remembered of a
 * graph. JobMaster main thread.
 */
final class LiveAdaptiveScheduler extends AdaptiveScheduler {

    private static final Logger LOG = LoggerFactory.getLogger(LiveAdaptiveScheduler.class);

    private final RescaleContext context;
    private final Settings settings;
    private final ClassLoader userCodeLoader;
    private final TaskGateway tasks = new TaskGateway();
    private final Map<ExecutionGraph, GraphMemory> memories = new WeakHashMap<>();
    private final ReplacedBounds replaced = new ReplacedBounds();

    private RescaleIntent intent;
    private RescaleTrigger requestedChange;
    private final List<String> restartsDecided = new ArrayList<>();
    private long lastEpoch;

    LiveAdaptiveScheduler(
            RescaleContext context,
            Settings settings,
            JobGraph jobGraph,
            JobResourceRequirements requirements,
            Configuration configuration,
            DeclarativeSlotPool pool,
            SlotAllocator allocator,
            Executor ioExecutor,
            ClassLoader userCodeLoader,
            CheckpointsCleaner cleaner,
            CheckpointRecoveryFactory checkpointRecoveryFactory,
            JobManagerJobMetricGroup metrics,
            RestartBackoffTimeStrategy backoff,
            long initializationTimestamp,
            ComponentMainThreadExecutor mainThread,
            FatalErrorHandler fatalErrorHandler,
            JobStatusListener jobStatusListener,
            Collection<FailureEnricher> failureEnrichers,
            ExecutionGraphFactory executionGraphFactory)
            throws Exception {
        super(
                settings,
                jobGraph,
                requirements,
                configuration,
                pool,
                allocator,
                ioExecutor,
                userCodeLoader,
                cleaner,
                checkpointRecoveryFactory,
                metrics,
                backoff,
                initializationTimestamp,
                mainThread,
                fatalErrorHandler,
                jobStatusListener,
                failureEnrichers,
                executionGraphFactory);
        this.context = context;
        this.settings = settings;
        this.userCodeLoader = userCodeLoader;
    }

    @Override
    public void goToExecuting(
            ExecutionGraph graph,
            ExecutionGraphHandler graphHandler,
            OperatorCoordinatorHandler coordinators,
            List<ExceptionHistoryEntry> failures) {
        LiveAdaptiveScheduler scheduler = this;
        transitionToState(
                new StateFactory<LiveExecuting>() {
                    @Override
                    public Class<LiveExecuting> getStateClass() {
                        return LiveExecuting.class;
                    }

                    @Override
                    public LiveExecuting getState() {
                        return new LiveExecuting(
                                scheduler,
                                graph,
                                graphHandler,
                                coordinators,
                                LOG,
                                userCodeLoader,
                                failures,
                                new RestartableTransitionManager(scheduler::newTransitionManager),
                                settings.getRescaleOnFailedCheckpointCount());
                    }
                });
    }

    /** The stock call, from {@code PUT resource-requirements}: also rescales live. */
    @Override
    public void updateJobResourceRequirements(JobResourceRequirements requirements) {
        enterWanted(requirements);
        if (!executing().map(LiveExecuting::isRescaling).orElse(false)) {
            ignoreUnfinished("Overtaken by new resource requirements.");
        }
        changeRequested();
    }

    /** The job is over, and with it whatever was still wanted of it. */
    @Override
    public void goToFinished(ArchivedExecutionGraph graph) {
        ignoreUnfinished("The job has ended: " + graph.getState() + ".");
        super.goToFinished(graph);
    }

    @Override
    public void deliverOperatorEventToCoordinator(
            ExecutionAttemptID attempt, OperatorID operator, OperatorEvent event)
            throws FlinkException {
        if (!operator.equals(RescaleControl.OPERATOR_ID)) {
            super.deliverOperatorEventToCoordinator(attempt, operator, event);
        } else if (event instanceof ReplyEvent reply) {
            tasks.onReply(reply);
        }
    }

    @Override
    public CompletableFuture<CoordinationResponse> deliverCoordinationRequestToCoordinator(
            OperatorID operator, CoordinationRequest request) throws FlinkException {
        if (!operator.equals(RescaleControl.OPERATOR_ID)) {
            return super.deliverCoordinationRequestToCoordinator(operator, request);
        }
        if (!(request instanceof RescaleCall call)) {
            throw new FlinkException("Not a rescale call: " + request.getClass().getName());
        }
        if (call instanceof RescaleCall.History) {
            return answered(new RescaleAnswer.HistoryAnswer(context.ledger().newestFirst()));
        }
        if (call instanceof RescaleCall.Details details) {
            return answered(
                    context.ledger()
                            .find(details.rescaleId())
                            .<RescaleAnswer>map(RescaleAnswer.DetailsAnswer::new)
                            .orElseGet(
                                    () ->
                                            RescaleAnswer.Refused.of(
                                                    RefusalKind.NOT_FOUND,
                                                    "Job %s has no rescale %s in its history.",
                                                    getJobId(),
                                                    details.rescaleId())));
        }
        return executing()
                .map(
                        state ->
                                call instanceof RescaleCall.Submit submit
                                        ? state.submit(submit.request())
                                        : call instanceof RescaleCall.Check
                                                ? state.check()
                                                : answered(state.abort()))
                .orElseGet(
                        () ->
                                answered(
                                        RescaleAnswer.Refused.of(
                                                RefusalKind.CONFLICT,
                                                "Job %s is %s and can be rescaled only while it is"
                                                        + " RUNNING; try again then.",
                                                getJobId(),
                                                requestJobStatus())));
    }

    static CompletableFuture<CoordinationResponse> answered(RescaleAnswer answer) {
        return CompletableFuture.completedFuture(answer);
    }

    RescaleContext context() {
        return context;
    }

    Settings settings() {
        return settings;
    }

    TaskGateway tasks() {
        return tasks;
    }

    GraphMemory memoryOf(ExecutionGraph graph) {
        return memories.computeIfAbsent(graph, ignored -> new GraphMemory());
    }

    long nextEpoch() {
        return ++lastEpoch;
    }

    Optional<RescaleIntent> intent() {
        return Optional.ofNullable(intent);
    }

    /**
     * A user wants this; from now on every restart leads there too.
     *
     * @throws RuntimeException when the requirements of the job cannot be changed; then nothing has
     *     happened
     */
    void accept(RescaleIntent accepted) {
        enterWanted(withUpperBounds(accepted.wanted()));
        intent = accepted;
        if (accepted.mode() == RescaleMode.RESTART) {
            restartsDecided.add(accepted.rescaleId());
        }
        changeRequested();
    }

    void intentIsOver() {
        intent = null;
    }

    /** What a user asked for is given up before it has begun. */
    void intentIsWithdrawn() {
        restartsDecided.remove(intent.rescaleId());
        intent = null;
    }

    /** A rescale has become a restart; the next running state ends its record. */
    void restartDecided(String rescaleId) {
        restartsDecided.add(rescaleId);
    }

    /** Whether rescales wait for a restart of the job. */
    boolean isRestartDecided() {
        return !restartsDecided.isEmpty();
    }

    /** The rescales that became a restart, once. */
    List<String> takeRestartsDecided() {
        List<String> taken = List.copyOf(restartsDecided);
        if (intent != null && taken.contains(intent.rescaleId())) {
            intent = null;
        }
        restartsDecided.clear();
        return taken;
    }

    /** What set off a change that was asked for and has not been carried out yet. */
    Optional<RescaleTrigger> requestedChange() {
        return Optional.ofNullable(requestedChange);
    }

    void changeIsOver() {
        requestedChange = null;
        replaced.forget();
    }

    /** As much as the slots allowed has been carried out; what is left waits for more of them. */
    void changeIsPartlyDone() {
        if (requestedChange != null) {
            requestedChange = RescaleTrigger.NEW_RESOURCE_AVAILABLE;
        }
    }

    /** Takes wishes back that were given up, where nobody has wished otherwise since. */
    void takeBack(List<RescaleIntent.Wish> wishes) {
        JobResourceRequirements present = requestJobResourceRequirements();
        Map<JobVertexID, Parallelism> before = new HashMap<>();
        wishes.stream()
                .filter(wish -> present.getParallelism(wish.vertex()).getUpperBound() == wish.to())
                .forEach(wish -> before.put(wish.vertex(), boundsBefore(wish)));
        if (!before.isEmpty()) {
            enter(withBounds(before));
        }
    }

    /** A vertex runs at a parallelism that was wanted. */
    void reached(ParallelismChange change) {
        JobVertexID vertex = JobVertexID.fromHexString(change.vertexId());
        replaced.reached(
                vertex, change.to(), requestJobResourceRequirements().getParallelism(vertex));
    }

    /** Like {@link #enter}, where that can be taken back. */
    private void enterWanted(JobResourceRequirements requirements) {
        JobResourceRequirements present = requestJobResourceRequirements();
        enter(requirements);
        replaced.replace(present, requirements);
    }

    /** A running state hears of it from {@link #changeRequested}, once all is entered here. */
    private void enter(JobResourceRequirements requirements) {
        super.updateJobResourceRequirements(requirements);
        rememberInPlan(requirements);
        context.store().write(requirements);
    }

    private void changeRequested() {
        requestedChange = RescaleTrigger.UPDATE_REQUIREMENT;
        // The same bounds again reach no state in stock Flink; here they are a retry.
        executing().ifPresent(LiveExecuting::onChangeRequested);
    }

    private void ignoreUnfinished(String why) {
        List<String> unfinished = new ArrayList<>(takeRestartsDecided());
        intent().map(RescaleIntent::rescaleId).ifPresent(unfinished::add);
        intent = null;
        for (String rescaleId : unfinished) {
            if (context.ledger().isInProgress(rescaleId)) {
                context.ledger().ignored(rescaleId, why);
            }
        }
    }

    private Parallelism boundsBefore(RescaleIntent.Wish wish) {
        return replaced.takeBack(wish.vertex())
                .orElseGet(() -> capped(wish.vertex(), wish.upperBoundBefore()));
    }

    private Parallelism capped(JobVertexID vertex, int upperBound) {
        int lowerBound = requestJobResourceRequirements().getParallelism(vertex).getLowerBound();
        return new Parallelism(Math.min(lowerBound, upperBound), upperBound);
    }

    /** The present requirements with other upper bounds for some vertices. */
    private JobResourceRequirements withUpperBounds(Map<JobVertexID, Integer> upperBounds) {
        Map<JobVertexID, Parallelism> bounds = new HashMap<>();
        upperBounds.forEach((vertex, upper) -> bounds.put(vertex, capped(vertex, upper)));
        return withBounds(bounds);
    }

    /** The present requirements with other bounds for some vertices. */
    private JobResourceRequirements withBounds(Map<JobVertexID, Parallelism> others) {
        JobResourceRequirements present = requestJobResourceRequirements();
        JobResourceRequirements.Builder builder = JobResourceRequirements.newBuilder();
        for (JobVertexID id : present.getJobVertices()) {
            Parallelism bounds = others.getOrDefault(id, present.getParallelism(id));
            builder.setParallelismForJobVertex(
                    id, bounds.getLowerBound(), bounds.getUpperBound());
        }
        return builder.build();
    }

    private Optional<LiveExecuting> executing() {
        return getState() instanceof LiveExecuting state ? Optional.of(state) : Optional.empty();
    }

    private StateTransitionManager newTransitionManager(StateTransitionManager.Context owner) {
        return new DefaultStateTransitionManager(
                owner,
                Instant::now,
                settings.getExecutingCooldownTimeout(),
                settings.getExecutingResourceStabilizationTimeout(),
                settings.getMaximumDelayForTriggeringRescale());
    }

    /** A JobMaster that regains leadership in this process starts again from the plan object. */
    private void rememberInPlan(JobResourceRequirements requirements) {
        try {
            JobResourceRequirements.writeToExecutionPlan(context.plan(), requirements);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "The resource requirements of job " + getJobId() + " cannot be remembered", e);
        }
    }
}
