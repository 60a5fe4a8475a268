package dev.tern.rescale.scheduler;

import dev.tern.rescale.coordinate.Inspection;
import dev.tern.rescale.coordinate.StepAccounting;
import dev.tern.rescale.coordinate.VertexTarget;
import dev.tern.rescale.coordinate.VertexTasks;
import dev.tern.rescale.plan.MigrationPlan;
import dev.tern.rescale.plan.Move;
import dev.tern.rescale.plan.Ownership;
import dev.tern.rescale.request.DryRunReport;
import dev.tern.rescale.request.ParallelismChange;
import dev.tern.rescale.request.RescaleMode;
import dev.tern.rescale.request.Resolution;
import dev.tern.rescale.request.VertexView;

import org.apache.flink.runtime.executiongraph.DefaultExecutionGraph;
import org.apache.flink.runtime.executiongraph.ExecutionJobVertex;
import org.apache.flink.runtime.jobgraph.JobVertexID;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Plans what a request would do, and puts it into the words of a dry run. JobMaster main thread. */
final class DryRuns {

    private final RescaleContext context;
    private final DefaultExecutionGraph graph;
    private final GraphMemory memory;

    DryRuns(RescaleContext context, DefaultExecutionGraph graph, GraphMemory memory) {
        this.context = context;
        this.graph = graph;
        this.memory = memory;
    }

    /**
     * @param inspections what the tasks say; empty when the job would be restarted
     */
    DryRunReport report(
            Resolution.Resolved target,
            List<VertexView> views,
            Map<ParallelismChange, Inspection> inspections) {
        List<DryRunReport.Move> moves = new ArrayList<>();
        long bytesMinimal = 0;
        for (Map.Entry<ParallelismChange, Inspection> inspection : inspections.entrySet()) {
            ParallelismChange change = inspection.getKey();
            Map<Integer, Long> keyGroupBytes = inspection.getValue().keyGroupBytes();
            Ownership before = memory.ownershipOf(vertexOf(change));
            bytesMinimal += StepAccounting.minimalBytes(before, change.to(), keyGroupBytes);
            boolean moving = new VertexTasks(graph, vertexOf(change)).isKeyed();
            if (moving && target.mode() == RescaleMode.LIVE) {
                Ownership after =
                        context.strategies()
                                .placement(target.placement())
                                .place(before, change.to());
                moves.addAll(grouped(MigrationPlan.difference(before, after), keyGroupBytes));
            }
        }
        return new DryRunReport(
                target.first().vertexId(),
                target.first().vertexName(),
                target.first().from(),
                target.first().to(),
                target.together(),
                target.strategy(),
                target.placement(),
                target.mode(),
                target.reason(),
                moves,
                bytesMinimal,
                context.slots().further(graph, targets(target.changes())),
                views.stream().map(DryRunReport.VertexObstacles::of).toList());
    }

    private List<VertexTarget> targets(List<ParallelismChange> changes) {
        return changes.stream()
                .map(change -> new VertexTarget(vertexOf(change), change.to()))
                .toList();
    }

    private ExecutionJobVertex vertexOf(ParallelismChange change) {
        return graph.getJobVertex(JobVertexID.fromHexString(change.vertexId()));
    }

    private static List<DryRunReport.Move> grouped(
            List<Move> moves, Map<Integer, Long> keyGroupBytes) {
        Map<Integer, Map<Integer, List<Move>>> byPair = new TreeMap<>();
        for (Move move : moves) {
            byPair.computeIfAbsent(move.from(), ignored -> new TreeMap<>())
                    .computeIfAbsent(move.to(), ignored -> new ArrayList<>())
                    .add(move);
        }
        List<DryRunReport.Move> grouped = new ArrayList<>();
        byPair.forEach(
                (from, byTarget) ->
                        byTarget.forEach(
                                (to, pair) ->
                                        grouped.add(
                                                new DryRunReport.Move(
                                                        from,
                                                        to,
                                                        pair.stream().map(Move::keyGroup).toList(),
                                                        StepAccounting.bytesOf(
                                                                pair, keyGroupBytes)))));
        return grouped;
    }
}
