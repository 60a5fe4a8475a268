package dev.tern.rescale.graph;

import org.apache.flink.runtime.JobException;
import org.apache.flink.runtime.execution.ExecutionState;
import org.apache.flink.runtime.executiongraph.DefaultExecutionGraph;
import org.apache.flink.runtime.executiongraph.EdgeManager;
import org.apache.flink.runtime.executiongraph.EdgeManagerBuildUtil;
import org.apache.flink.runtime.executiongraph.ExecutionJobVertex;
import org.apache.flink.runtime.executiongraph.ExecutionVertex;
import org.apache.flink.runtime.executiongraph.IntermediateResult;
import org.apache.flink.runtime.executiongraph.VertexInputInfoComputationUtils;
import org.apache.flink.runtime.scheduler.adapter.DefaultExecutionTopology;
import org.apache.flink.runtime.scheduler.strategy.ConsumedPartitionGroup;
import org.apache.flink.runtime.scheduler.strategy.ExecutionVertexID;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;

/**
 * Grows and shrinks job vertices of an execution graph in place.
 *
 * <p>Edges and topology are not patched: they are cleared and built anew with Flink's own builders,
 * so that a resized graph equals one that was built at that parallelism. JobMaster main thread.
 */
public final class ExecutionGraphResizer {

    private final DefaultExecutionGraph graph;
    private final Duration rpcTimeout;
    private final int executionHistorySize;

    /**
     * @param rpcTimeout what new subtasks use to talk to TaskExecutors
     * @param executionHistorySize how many prior attempts new subtasks remember
     */
    public ExecutionGraphResizer(
            DefaultExecutionGraph graph, Duration rpcTimeout, int executionHistorySize) {
        this.graph = graph;
        this.rpcTimeout = rpcTimeout;
        this.executionHistorySize = executionHistorySize;
    }

    /**
     * Appends subtasks up to the given parallelism of each vertex. They are CREATED and have no slot.
     *
     * @param firstAttempt for a subtask, an attempt number never used in this graph: a subtask that
     *     comes back must not reuse the ids of the one that left
     */
    public void grow(
            Map<ExecutionJobVertex, Integer> parallelism,
            ToIntFunction<ExecutionVertexID> firstAttempt)
            throws JobException {
        parallelism.forEach(
                (vertex, to) -> {
                    if (to <= vertex.getParallelism()) {
                        throw new IllegalArgumentException(
                                String.format(
                                        "%s cannot grow from %d to %d",
                                        vertex.getName(), vertex.getParallelism(), to));
                    }
                });
        for (Map.Entry<ExecutionJobVertex, Integer> size : parallelism.entrySet()) {
            append(size.getKey(), size.getValue(), firstAttempt);
        }
        rebuildEdges();
    }

    private void append(
            ExecutionJobVertex vertex,
            int parallelism,
            ToIntFunction<ExecutionVertexID> firstAttempt)
            throws JobException {
        int before = vertex.getParallelism();
        setParallelism(vertex, parallelism);
        for (IntermediateResult result : vertex.getProducedDataSets()) {
            result.partitions = Arrays.copyOf(result.partitions, parallelism);
        }
        vertex.taskVertices = Arrays.copyOf(vertex.taskVertices, parallelism);
        long now = System.currentTimeMillis();
        for (int subtask = before; subtask < parallelism; subtask++) {
            vertex.taskVertices[subtask] =
                    vertex.createExecutionVertex(
                            vertex,
                            subtask,
                            vertex.getProducedDataSets(),
                            rpcTimeout,
                            now,
                            executionHistorySize,
                            firstAttempt.applyAsInt(
                                    new ExecutionVertexID(vertex.getJobVertexId(), subtask)));
        }
        graph.registerExecutionVerticesAndResultPartitionsFor(vertex);
    }

    /**
     * Drops the subtasks from the given parallelism of each vertex on.
     *
     * @throws IllegalStateException when one of them has begun and has not ended
     */
    public void shrink(Map<ExecutionJobVertex, Integer> parallelism) throws JobException {
        parallelism.forEach((vertex, to) -> dropped(vertex, to).forEach(ExecutionGraphResizer::requireGone));
        parallelism.forEach(this::drop);
        rebuildEdges();
    }

    private static List<ExecutionVertex> dropped(ExecutionJobVertex vertex, int parallelism) {
        return List.of(vertex.taskVertices).subList(parallelism, vertex.getParallelism());
    }

    private void drop(ExecutionJobVertex vertex, int parallelism) {
        int before = vertex.getParallelism();
        for (ExecutionVertex subtask : dropped(vertex, parallelism)) {
            if (subtask.getExecutionState() == ExecutionState.FINISHED) {
                vertex.numExecutionVertexFinished--;
            }
            graph.executionVerticesById.remove(subtask.getID());
            subtask.getProducedPartitions().keySet().forEach(graph.resultPartitionsById::remove);
        }
        for (IntermediateResult result : vertex.getProducedDataSets()) {
            for (int subtask = parallelism; subtask < before; subtask++) {
                result.partitionLookupHelper.remove(result.partitions[subtask].getPartitionId());
            }
            result.partitions = Arrays.copyOf(result.partitions, parallelism);
            result.partitionsAssigned = parallelism;
        }
        vertex.taskVertices = Arrays.copyOf(vertex.taskVertices, parallelism);
        setParallelism(vertex, parallelism);
    }

    private static void requireGone(ExecutionVertex subtask) {
        ExecutionState state = subtask.getExecutionState();
        if (state != ExecutionState.CREATED && !state.isTerminal()) {
            throw new IllegalStateException(
                    subtask.getTaskNameWithSubtaskIndex()
                            + " cannot leave the graph: it is "
                            + state
                            + ", expected FINISHED, or never run");
        }
    }

    private static void setParallelism(ExecutionJobVertex vertex, int parallelism) {
        vertex.taskInformationOrBlobKey = null;
        vertex.setParallelism(parallelism);
        vertex.getJobVertex().setParallelism(parallelism);
        for (IntermediateResult result : vertex.getProducedDataSets()) {
            result.numParallelProducers = parallelism;
        }
    }

    private void rebuildEdges() throws JobException {
        for (IntermediateResult result : graph.intermediateResults.values()) {
            for (ConsumedPartitionGroup group :
                    new ArrayList<>(result.shuffleDescriptorCache.keySet())) {
                result.clearCachedInformationForPartitionGroup(group);
            }
        }
        EdgeManager edges = graph.edgeManager;
        edges.partitionConsumers.clear();
        edges.vertexConsumedPartitions.clear();
        edges.consumedPartitionsById.clear();
        graph.vertexInputInfoStore.jobVertexInputInfos.clear();

        List<ExecutionJobVertex> vertices = new ArrayList<>();
        graph.getVerticesTopologically().forEach(vertices::add);
        for (ExecutionJobVertex vertex : vertices) {
            VertexInputInfoComputationUtils.computeVertexInputInfos(
                            vertex, graph.intermediateResults::get)
                    .forEach(
                            (result, info) ->
                                    graph.vertexInputInfoStore.put(
                                            vertex.getJobVertexId(), result, info));
            for (IntermediateResult input : vertex.getInputs()) {
                EdgeManagerBuildUtil.connectVertexToResult(vertex, input);
            }
        }
        rebuildTopology(vertices);
    }

    private void rebuildTopology(List<ExecutionJobVertex> vertices) {
        DefaultExecutionTopology topology = (DefaultExecutionTopology) graph.getSchedulingTopology();
        topology.executionVerticesById.clear();
        topology.executionVerticesList.clear();
        topology.resultPartitionsById.clear();
        topology.pipelinedRegionsByVertex.clear();
        topology.pipelinedRegions.clear();
        topology.notifyExecutionGraphUpdatedWithInitializedJobVertices(graph, vertices);
    }
}
