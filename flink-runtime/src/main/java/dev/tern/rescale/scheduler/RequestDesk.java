package dev.tern.rescale.scheduler;

import dev.tern.rescale.coordinate.Inspection;
import dev.tern.rescale.coordinate.LiveObstacles;
import dev.tern.rescale.coordinate.RescaleException;
import dev.tern.rescale.coordinate.StepAccounting;
import dev.tern.rescale.coordinate.VertexTasks;
import dev.tern.rescale.control.TaskCommand;
import dev.tern.rescale.plan.MigrationPlan;
import dev.tern.rescale.plan.Ownership;
import dev.tern.rescale.request.DryRunReport;
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

    private final LiveAdaptiveScheduler scheduler;
    private final RescaleContext context;
    private final DefaultExecutionGraph graph;
    private final GraphMemory memory;

    RequestDesk(LiveAdaptiveScheduler scheduler, DefaultExecutionGraph graph, GraphMemory memory) {
        this.scheduler = scheduler;
        this.context = scheduler.context();
        this.graph = graph;
        this.memory = memory;
    }

    /** Tells what could be rescaled. */
    CompletableFuture<CoordinationResponse> check() {
        return new JobCheck(scheduler, graph).of(views());
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
                                context.strategies().placementNames())
                        .resolve(request);
        if (resolution instanceof Resolution.Rejected rejected) {
            return LiveAdaptiveScheduler.answered(rejected.refusal());
        }
        Resolution.Resolved target = (Resolution.Resolved) resolution;
        Optional<RescaleAnswer> conflict = conflict(request, busy);
        if (conflict.isPresent()) {
            return LiveAdaptiveScheduler.answered(conflict.get());
        }
        JobVertexID vertexId = JobVertexID.fromHexString(target.vertexId());
        int lowerBound =
                scheduler.requestJobResourceRequirements().getParallelism(vertexId).getLowerBound();
        if (target.to() < lowerBound) {
            return LiveAdaptiveScheduler.answered(
                    RescaleAnswer.Refused.of(
                            RefusalKind.CONFLICT,
                            "The lower bound of vertex %s is %d; lower it first (PUT"
                                    + " /jobs/%s/resource-requirements).",
                            target.vertexName(),
                            lowerBound,
                            graph.getJobID()));
        }
        if (target.mode() == RescaleMode.RESTART) {
            return LiveAdaptiveScheduler.answered(
                    decide(request, target, views, new Inspection(List.of(), Map.of(), false)));
        }
        return inspect(vertexId, target.to())
                .thenApplyAsync(
                        inspection ->
                                conflict(request, busy)
                                        .or(() -> overtaken(request, target))
                                        .orElseGet(
                                                () -> decide(request, target, views, inspection)),
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

    private static Optional<RescaleAnswer> conflict(
            RescaleRequest request, Supplier<Optional<String>> busy) {
        return request.dryRun()
                ? Optional.empty()
                : busy.get().map(why -> RescaleAnswer.Refused.of(RefusalKind.CONFLICT, "%s", why));
    }

    /** A PUT may have been carried out while the tasks were asked. */
    private Optional<RescaleAnswer> overtaken(
            RescaleRequest request, Resolution.Resolved target) {
        int present =
                graph.getJobVertex(JobVertexID.fromHexString(target.vertexId())).getParallelism();
        if (request.dryRun() || present == target.from()) {
            return Optional.empty();
        }
        return Optional.of(
                RescaleAnswer.Refused.of(
                        RefusalKind.CONFLICT,
                        "Vertex %s was rescaled from %d to %d subtasks in the meantime; ask again if"
                                + " %d are still wanted.",
                        target.vertexName(),
                        target.from(),
                        present,
                        target.to()));
    }

    private RescaleAnswer decide(
            RescaleRequest request,
            Resolution.Resolved target,
            List<VertexView> views,
            Inspection inspection) {
        Resolution.Resolved resolved = target;
        if (!inspection.obstacles().isEmpty()) {
            String why = Inspection.reason(target.vertexName(), inspection.obstacles());
            if (!request.allowRestart() && !request.dryRun()) {
                return RescaleAnswer.Refused.of(
                        RefusalKind.CONFLICT,
                        "%s Add --allow-restart (\"allowRestart\": true) to restart the job from its"
                                + " last checkpoint instead.",
                        why);
            }
            resolved = asRestart(target, why);
        }
        return request.dryRun()
                ? new RescaleAnswer.Plan(report(resolved, views, inspection))
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
        JobVertexID vertexId = JobVertexID.fromHexString(target.vertexId());
        if (target.mode() == RescaleMode.RESTART) {
            context.ledger().restarting(record.rescaleId(), target.reason());
        }
        RescaleIntent intent =
                new RescaleIntent(
                        record.rescaleId(),
                        vertexId,
                        target.to(),
                        target.mode(),
                        request.allowRestart(),
                        scheduler
                                .requestJobResourceRequirements()
                                .getParallelism(vertexId)
                                .getUpperBound(),
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

    private DryRunReport report(
            Resolution.Resolved target, List<VertexView> views, Inspection inspection) {
        ExecutionJobVertex vertex =
                graph.getJobVertex(JobVertexID.fromHexString(target.vertexId()));
        Ownership before = memory.ownershipOf(vertex);
        boolean nothingMoves =
                target.mode() == RescaleMode.RESTART || LiveObstacles.isSpread(vertex);
        Ownership after =
                context.strategies().placement(target.placement()).place(before, target.to());
        return DryRuns.report(
                target,
                nothingMoves
                        ? List.of()
                        : MigrationPlan.difference(before, after),
                StepAccounting.minimalBytes(before, target.to(), inspection.keyGroupBytes()),
                inspection.keyGroupBytes(),
                context.slots().further(graph, vertex, target.to()),
                views);
    }

    private CompletableFuture<Inspection> inspect(JobVertexID vertexId, int to) {
        VertexTasks vertex = new VertexTasks(graph, graph.getJobVertex(vertexId));
        return scheduler
                .tasks()
                .sendAll(
                        vertex.subtasks(),
                        0L,
                        subtask ->
                                new TaskCommand.Inspect(
                                        subtask.getParallelSubtaskIndex() >= to,
                                        !LiveObstacles.isSpread(vertex.jobVertex())),
                        context.settings().prepareTimeout())
                .thenApply(Inspection::of);
    }

    private List<VertexView> views() {
        List<VertexView> views = new ArrayList<>();
        for (ExecutionJobVertex vertex : graph.getVerticesTopologically()) {
            views.add(
                    new VertexView(
                            vertex.getJobVertexId().toHexString(),
                            vertex.getName(),
                            vertex.getParallelism(),
                            vertex.getMaxParallelism(),
                            LiveObstacles.of(vertex)));
        }
        return views;
    }

    private static Resolution.Resolved asRestart(Resolution.Resolved target, String why) {
        return new Resolution.Resolved(
                target.vertexId(),
                target.vertexName(),
                target.from(),
                target.to(),
                target.strategy(),
                target.placement(),
                RescaleMode.RESTART,
                why);
    }
}
