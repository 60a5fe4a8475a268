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
import org.apache.flink.runtime.jobgraph.JobResourceRequirements;
import org.apache.flink.runtime.jobgraph.JobVertexID;
import org.apache.flink.runtime.operators.coordination.CoordinationResponse;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Takes the requests of users: resolves, asks the tasks, answers. JobMaster main thread. */
final class RequestDesk {

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

    /**
     * @param busy whether a rescale is running or waiting for slots
     */
    CompletableFuture<CoordinationResponse> submit(RescaleRequest request, boolean busy) {
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
        if (busy && !request.dryRun()) {
            return LiveAdaptiveScheduler.answered(
                    RescaleAnswer.Refused.of(
                            RefusalKind.CONFLICT,
                            "Job %s is being rescaled; wait until that is over (flink rescale %s"
                                    + " --status).",
                            graph.getJobID(),
                            graph.getJobID()));
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
                    decide(request, target, views, new Inspection(List.of(), Map.of())));
        }
        return inspect(vertexId, target.to())
                .thenApplyAsync(
                        inspection -> decide(request, target, views, inspection),
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

    private RescaleAnswer decide(
            RescaleRequest request,
            Resolution.Resolved target,
            List<VertexView> views,
            Inspection inspection) {
        Resolution.Resolved resolved = target;
        if (!inspection.obstacles().isEmpty()) {
            String why =
                    String.format(
                            "Vertex %s %s.",
                            target.vertexName(), String.join(" and ", inspection.obstacles()));
            if (!request.allowRestart() && !request.dryRun()) {
                return RescaleAnswer.Refused.of(
                        RefusalKind.CONFLICT,
                        "%s It cannot be rescaled while it runs; add --allow-restart to restart the"
                                + " job from its last checkpoint instead.",
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
                        target.reason(),
                        context.ledger().nowMillis());
        context.ledger().requested(record);
        JobVertexID vertexId = JobVertexID.fromHexString(target.vertexId());
        JobResourceRequirements before = scheduler.requestJobResourceRequirements();
        if (target.mode() == RescaleMode.RESTART) {
            context.ledger().restarting(record.rescaleId(), target.reason());
            scheduler.restartDecided(record.rescaleId());
        }
        scheduler.accept(
                new RescaleIntent(
                        record.rescaleId(),
                        vertexId,
                        target.to(),
                        target.strategy(),
                        target.placement(),
                        target.mode(),
                        request.allowRestart(),
                        RescaleTrigger.UPDATE_REQUIREMENT,
                        before,
                        System.nanoTime() + context.settings().slotTimeout().toNanos()));
        return new RescaleAnswer.Accepted(
                context.ledger().find(record.rescaleId()).orElse(record));
    }

    private DryRunReport report(
            Resolution.Resolved target, List<VertexView> views, Inspection inspection) {
        ExecutionJobVertex vertex =
                graph.getJobVertex(JobVertexID.fromHexString(target.vertexId()));
        Ownership before = memory.ownershipOf(vertex);
        Ownership after =
                context.strategies().placement(target.placement()).place(before, target.to());
        return DryRuns.report(
                target,
                target.mode() == RescaleMode.RESTART
                        ? List.of()
                        : MigrationPlan.difference(before, after),
                StepAccounting.minimalBytes(before, target.to(), inspection.keyGroupBytes()),
                inspection.keyGroupBytes(),
                Math.max(0, target.to() - target.from()),
                views);
    }

    private CompletableFuture<Inspection> inspect(JobVertexID vertexId, int to) {
        VertexTasks vertex = new VertexTasks(graph, graph.getJobVertex(vertexId));
        return scheduler
                .tasks()
                .sendAll(
                        vertex.subtasks(),
                        0L,
                        subtask -> new TaskCommand.Inspect(subtask.getParallelSubtaskIndex() >= to),
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
                            LiveObstacles.of(vertex, graph::getJobVertex)));
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
