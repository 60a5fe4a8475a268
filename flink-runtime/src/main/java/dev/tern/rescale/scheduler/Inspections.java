package dev.tern.rescale.scheduler;

import dev.tern.rescale.control.TaskCommand;
import dev.tern.rescale.coordinate.Inspection;
import dev.tern.rescale.coordinate.VertexTasks;
import dev.tern.rescale.request.ParallelismChange;

import org.apache.flink.runtime.executiongraph.DefaultExecutionGraph;
import org.apache.flink.runtime.jobgraph.JobVertexID;
import org.apache.flink.util.concurrent.FutureUtils;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntPredicate;

/** Asks running tasks what stands against a change, outside of any rescale. JobMaster main thread. */
final class Inspections {

    private static final long NO_RESCALE = 0L;

    private final LiveAdaptiveScheduler scheduler;
    private final DefaultExecutionGraph graph;

    Inspections(LiveAdaptiveScheduler scheduler, DefaultExecutionGraph graph) {
        this.scheduler = scheduler;
        this.graph = graph;
    }

    /** What the tasks of each vertex say of its change. */
    CompletableFuture<Map<ParallelismChange, Inspection>> of(List<ParallelismChange> changes) {
        Map<ParallelismChange, CompletableFuture<Inspection>> asked = new LinkedHashMap<>();
        changes.forEach(
                change ->
                        asked.put(
                                change, of(change.vertexId(), subtask -> subtask >= change.to())));
        return FutureUtils.combineAll(asked.values())
                .thenApply(
                        ignored -> {
                            Map<ParallelismChange, Inspection> told = new LinkedHashMap<>();
                            asked.forEach((change, answer) -> told.put(change, answer.join()));
                            return told;
                        });
    }

    /**
     * @param retiring which subtasks would end
     */
    CompletableFuture<Inspection> of(String vertexId, IntPredicate retiring) {
        VertexTasks vertex =
                new VertexTasks(graph, graph.getJobVertex(JobVertexID.fromHexString(vertexId)));
        return scheduler
                .tasks()
                .sendAll(
                        vertex.subtasks(),
                        NO_RESCALE,
                        subtask ->
                                new TaskCommand.Inspect(
                                        retiring.test(subtask.getParallelSubtaskIndex()),
                                        vertex.isKeyed()),
                        scheduler.context().settings().prepareTimeout())
                .thenApply(Inspection::of);
    }

    /** Why the vertices cannot be rescaled live, in sentences that name them. */
    static Optional<String> obstacle(Map<ParallelismChange, Inspection> inspections) {
        return inspections.entrySet().stream()
                .filter(inspection -> !inspection.getValue().obstacles().isEmpty())
                .map(
                        inspection ->
                                Inspection.reason(
                                        inspection.getKey().vertexName(),
                                        inspection.getValue().obstacles()))
                .reduce((one, other) -> one + " " + other);
    }
}
