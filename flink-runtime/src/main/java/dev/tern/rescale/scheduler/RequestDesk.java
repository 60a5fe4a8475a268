package dev.tern.rescale.scheduler;

import dev.tern.rescale.coordinate.Inspection;
import dev.tern.rescale.coordinate.LiveObstacles;
import dev.tern.rescale.coordinate.PointwiseGroup;
import dev.tern.rescale.coordinate.RescaleException;
import dev.tern.rescale.request.ParallelismChange;
import dev.tern.rescale.request.RefusalKind;
import dev.tern.rescale.request.RequestResolver;
import dev.tern.rescale.request.RescaleAnswer;
import dev.tern.rescale.request.RescaleControl;
import dev.tern.rescale.request.RescaleMode;
import dev.tern.rescale.request.RescaleRecord;
import dev.tern.rescale.request.RescaleRequest;
import dev.tern.rescale.request.RescaleTrigger;
import dev.tern.rescale.request.Resolution;
import dev.tern.rescale.request.VertexView;

import org.apache.flink.runtime.executiongraph.DefaultExecutionGraph;
import org.apache.flink.runtime.executiongraph.ExecutionJobVertex;
import org.apache.flink.runtime.jobgraph.JobVertexID;
import org.apache.flink.runtime.jobgraph.JobVertexResourceRequirements;
import org.apache.flink.runtime.operators.coordination.CoordinationResponse;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Takes the requests of users: resolves, asks the tasks, answers. JobMaster main thread. */
final class RequestDesk {

    private static final String ASKED_FOR =
            "Asked for by flink rescale or POST /jobs/:jobid/rescales.";

    private static final String RATES_NOT_MEASURED =
            "The strategy orders key groups by their record rates, which are not measured. Choose"
                    + " another order: index, random, size-ascending or size-descending.";

    private final LiveAdaptiveScheduler scheduler;
    private final RescaleContext context;
    private final DefaultExecutionGraph graph;
    private final Inspections inspections;
    private final DryRuns dryRuns;

    RequestDesk(LiveAdaptiveScheduler scheduler, DefaultExecutionGraph graph, GraphMemory memory) {
        this.scheduler = scheduler;
        this.context = scheduler.context();
        this.graph = graph;
        this.inspections = new Inspections(scheduler, graph);
        this.dryRuns = new DryRuns(context, graph, memory);
    }

    /** Tells what could be rescaled. */
    CompletableFuture<CoordinationResponse> check() {
        return new JobCheck(inspections).of(views());
    }

    /**
     * @param busy why no rescale can begin now, as a sentence; empty when one can. Asked again when
     *     the tasks have answered
     */
    CompletableFuture<CoordinationResponse> submit(
            RescaleRequest request, Supplier<Optional<String>> busy) {
        List<VertexView> views = views();
        Resolution resolution =
                new RequestResolver(
                                context.settings().defaults(),
                                views,
                                context.strategies().strategyNames(),
                                context.strategies().placementNames(),
                                this::objection)
                        .resolve(request);
        if (resolution instanceof Resolution.Rejected rejected) {
            return LiveAdaptiveScheduler.answered(rejected.refusal());
        }
        Resolution.Resolved target = (Resolution.Resolved) resolution;
        Optional<RescaleAnswer> conflict = conflict(request, busy);
        if (conflict.isPresent()) {
            return LiveAdaptiveScheduler.answered(conflict.get());
        }
        Optional<RescaleAnswer> bound = belowLowerBound(target);
        if (bound.isPresent()) {
            return LiveAdaptiveScheduler.answered(bound.get());
        }
        if (target.mode() == RescaleMode.RESTART) {
            return LiveAdaptiveScheduler.answered(decide(request, target, views, Map.of()));
        }
        return inspections.of(target.changes())
                .thenApplyAsync(
                        told ->
                                conflict(request, busy)
                                        .or(() -> overtaken(request, target))
                                        .orElseGet(() -> decide(request, target, views, told)),
                        scheduler.getMainThreadExecutor())
                .handle(
                        (answer, failure) ->
                                failure == null
                                        ? answer
                                        : RescaleAnswer.Refused.of(
                                                RefusalKind.CONFLICT,
                                                "%s. The job goes on as it is.",
                                                RescaleException.of(failure).getMessage()));
    }

    /** Why a strategy cannot be taken with some options. */
    private Optional<String> objection(String strategy, Map<String, String> options) {
        try {
            return context.strategies().choose(strategy, options).needsRates()
                    ? Optional.of(RATES_NOT_MEASURED)
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of(e.getMessage());
        }
    }

    private static Optional<RescaleAnswer> conflict(
            RescaleRequest request, Supplier<Optional<String>> busy) {
        return request.dryRun()
                ? Optional.empty()
                : busy.get().map(why -> RescaleAnswer.Refused.of(RefusalKind.CONFLICT, "%s", why));
    }

    private Optional<RescaleAnswer> belowLowerBound(Resolution.Resolved target) {
        for (ParallelismChange change : target.changes()) {
            int lowerBound = boundsOf(change).getLowerBound();
            if (change.to() < lowerBound) {
                return Optional.of(
                        RescaleAnswer.Refused.of(
                                RefusalKind.CONFLICT,
                                "The lower bound of vertex %s is %d; lower it first (PUT"
                                        + " /jobs/%s/resource-requirements).",
                                change.vertexName(),
                                lowerBound,
                                graph.getJobID()));
            }
        }
        return Optional.empty();
    }

    /** A PUT may have been carried out while the tasks were asked. */
    private Optional<RescaleAnswer> overtaken(
            RescaleRequest request, Resolution.Resolved target) {
        return target.changes().stream()
                .filter(change -> vertexOf(change).getParallelism() != change.from())
                .filter(ignored -> !request.dryRun())
                .findFirst()
                .map(
                        change ->
                                RescaleAnswer.Refused.of(
                                        RefusalKind.CONFLICT,
                                        "Vertex %s was rescaled from %d to %d subtasks in the"
                                                + " meantime; ask again if %d are still wanted.",
                                        change.vertexName(),
                                        change.from(),
                                        vertexOf(change).getParallelism(),
                                        change.to()));
    }

    private RescaleAnswer decide(
            RescaleRequest request,
            Resolution.Resolved target,
            List<VertexView> views,
            Map<ParallelismChange, Inspection> told) {
        Resolution.Resolved resolved = target;
        Optional<String> obstacle = Inspections.obstacle(told);
        if (obstacle.isPresent()) {
            if (!request.allowRestart() && !request.dryRun()) {
                return RescaleAnswer.Refused.of(
                        RefusalKind.CONFLICT,
                        "%s Add --allow-restart (\"allowRestart\": true) to restart the job from its"
                                + " last checkpoint instead.",
                        obstacle.get());
            }
            resolved = target.asRestart(obstacle.get());
        }
        return request.dryRun()
                ? new RescaleAnswer.Plan(dryRuns.report(resolved, views, told))
                : accept(request, resolved);
    }

    private RescaleAnswer accept(RescaleRequest request, Resolution.Resolved target) {
        RescaleRecord record =
                RescaleRecord.requested(
                        RescaleControl.newRescaleId(),
                        target,
                        RescaleTrigger.UPDATE_REQUIREMENT,
                        target.mode() == RescaleMode.LIVE ? ASKED_FOR : target.reason(),
                        context.ledger().nowMillis());
        context.ledger().requested(record);
        if (target.mode() == RescaleMode.RESTART) {
            context.ledger().restarting(record.rescaleId(), target.reason());
        }
        RescaleIntent intent =
                new RescaleIntent(
                        record.rescaleId(),
                        target.changes().stream().map(this::wish).toList(),
                        target.mode(),
                        request.allowRestart(),
                        System.nanoTime() + context.settings().slotTimeout().toNanos());
        try {
            scheduler.accept(intent);
        } catch (RuntimeException e) {
            context.ledger().aborted(record.rescaleId(), e.getMessage());
            return RescaleAnswer.Refused.of(RefusalKind.CONFLICT, "%s", e.getMessage());
        }
        return new RescaleAnswer.Accepted(
                context.ledger().find(record.rescaleId()).orElse(record));
    }

    private RescaleIntent.Wish wish(ParallelismChange change) {
        return new RescaleIntent.Wish(
                JobVertexID.fromHexString(change.vertexId()),
                change.to(),
                boundsOf(change).getUpperBound());
    }

    private ExecutionJobVertex vertexOf(ParallelismChange change) {
        return graph.getJobVertex(JobVertexID.fromHexString(change.vertexId()));
    }

    private JobVertexResourceRequirements.Parallelism boundsOf(ParallelismChange change) {
        return scheduler
                .requestJobResourceRequirements()
                .getParallelism(JobVertexID.fromHexString(change.vertexId()));
    }

    private List<VertexView> views() {
        List<VertexView> views = new ArrayList<>();
        for (ExecutionJobVertex vertex : graph.getVerticesTopologically()) {
            List<String> obstacles = LiveObstacles.of(vertex, graph::getJobVertex);
            views.add(
                    new VertexView(
                            vertex.getJobVertexId().toHexString(),
                            vertex.getName(),
                            vertex.getParallelism(),
                            vertex.getMaxParallelism(),
                            obstacles,
                            // By a restart, as stock Flink does it, a vertex changes alone.
                            obstacles.isEmpty() ? together(vertex) : List.of()));
        }
        return views;
    }

    private static List<String> together(ExecutionJobVertex vertex) {
        return PointwiseGroup.of(vertex.getJobVertex()).stream()
                .filter(id -> !id.equals(vertex.getJobVertexId()))
                .map(JobVertexID::toHexString)
                .toList();
    }
}
