package dev.tern.rescale.coordinate;

import dev.tern.rescale.plan.Ownership;

import org.apache.flink.runtime.OperatorIDPair;
import org.apache.flink.runtime.clusterframework.types.ResourceID;
import org.apache.flink.runtime.deployment.ResultPartitionDeploymentDescriptor;
import org.apache.flink.runtime.executiongraph.DefaultExecutionGraph;
import org.apache.flink.runtime.executiongraph.ExecutionJobVertex;
import org.apache.flink.runtime.executiongraph.ExecutionVertex;
import org.apache.flink.runtime.executiongraph.IntermediateResult;
import org.apache.flink.runtime.jobgraph.IntermediateDataSet;
import org.apache.flink.runtime.jobgraph.IntermediateDataSetID;
import org.apache.flink.runtime.jobgraph.JobEdge;
import org.apache.flink.runtime.jobgraph.JobVertexID;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.shuffle.ShuffleDescriptor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A vertex of the running job with the tasks around it. JobMaster main thread. */
public final class VertexTasks {

    private final DefaultExecutionGraph graph;
    private final ExecutionJobVertex jobVertex;
    private ExecutionVertex[] subtasks;

    public VertexTasks(DefaultExecutionGraph graph, ExecutionJobVertex jobVertex) {
        this.graph = graph;
        this.jobVertex = jobVertex;
        refresh();
    }

    /** The graph was resized. */
    void refresh() {
        subtasks = jobVertex.getTaskVertices();
    }

    public DefaultExecutionGraph graph() {
        return graph;
    }

    public ExecutionJobVertex jobVertex() {
        return jobVertex;
    }

    /** Whether key groups have owners. */
    public boolean isKeyed() {
        return Routing.of(jobVertex.getJobVertex()) == Routing.BY_KEY;
    }

    public int parallelism() {
        return subtasks.length;
    }

    public ExecutionVertex subtask(int index) {
        return subtasks[index];
    }

    public List<ExecutionVertex> subtasks() {
        return List.of(subtasks);
    }

    /** Subtasks from one index up to but not including another. */
    public List<ExecutionVertex> subtasks(int from, int to) {
        return List.of(Arrays.copyOfRange(subtasks, from, to));
    }

    /** The results that every subtask of this vertex reads of every producer. */
    public Set<IntermediateDataSetID> inputResults() {
        return allToAllInputs()
                .map(JobEdge::getSourceId)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** Inputs over pointwise edges come and go with their producers. */
    private Stream<JobEdge> allToAllInputs() {
        return jobVertex.getJobVertex().getInputs().stream()
                .filter(edge -> !Routing.isPointwise(edge));
    }

    /** Whether everybody gets all records of some input. */
    public boolean hasBroadcastInput() {
        return jobVertex.getJobVertex().getInputs().stream().anyMatch(JobEdge::isBroadcast);
    }

    /** The owner of each key group, as checkpoints need it, under every id of every operator. */
    public static Map<OperatorID, int[]> ownersOf(ExecutionJobVertex vertex, Ownership ownership) {
        Map<OperatorID, int[]> owners = new HashMap<>();
        for (OperatorIDPair operator : vertex.getOperatorIDs()) {
            owners.put(operator.getGeneratedOperatorID(), ownership.toTable());
            operator.getUserDefinedOperatorID()
                    .ifPresent(id -> owners.put(id, ownership.toTable()));
        }
        return owners;
    }

    /** All tasks that produce into every subtask of this vertex. */
    public List<ExecutionVertex> upstreamTasks() {
        return allToAllInputs()
                .map(edge -> edge.getSource().getProducer().getID())
                .distinct()
                .flatMap(id -> tasksOf(id).stream())
                .toList();
    }

    /** The results that pointwise edges lead away from. */
    Set<IntermediateDataSetID> followedResults() {
        return jobVertex.getJobVertex().getProducedDataSets().stream()
                .filter(result -> result.getConsumers().stream().anyMatch(Routing::isPointwise))
                .map(IntermediateDataSet::getId)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** Calls back with each produced result and the tasks that all read all subtasks of it. */
    public void forEachOutput(BiConsumer<IntermediateResult, List<ExecutionVertex>> action) {
        for (IntermediateResult result : jobVertex.getProducedDataSets()) {
            List<ExecutionVertex> consumers = new ArrayList<>();
            consumersOf(result).forEach(consumer -> consumers.addAll(tasksOf(consumer)));
            action.accept(result, consumers);
        }
    }

    /** Calls back with each produced result and each vertex that reads all subtasks of it. */
    void forEachConsumer(BiConsumer<IntermediateResult, ExecutionJobVertex> action) {
        for (IntermediateResult result : jobVertex.getProducedDataSets()) {
            consumersOf(result)
                    .forEach(consumer -> action.accept(result, graph.getJobVertex(consumer)));
        }
    }

    private Set<JobVertexID> consumersOf(IntermediateResult result) {
        return jobVertex.getJobVertex().getProducedDataSets().stream()
                .filter(produced -> produced.getId().equals(result.getId()))
                .flatMap(produced -> produced.getConsumers().stream())
                .filter(edge -> !Routing.isPointwise(edge))
                .map(edge -> edge.getTarget().getID())
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** All upstream and downstream tasks. */
    public List<ExecutionVertex> neighbourTasks() {
        Set<ExecutionVertex> neighbours = new LinkedHashSet<>(upstreamTasks());
        forEachOutput((result, consumers) -> neighbours.addAll(consumers));
        return List.copyOf(neighbours);
    }

    /** Where consumers of a result find the partitions of some deployed subtasks. */
    public List<ShuffleDescriptor> producers(IntermediateResult result, int from, int to) {
        List<ShuffleDescriptor> producers = new ArrayList<>();
        for (ExecutionVertex producer : subtasks(from, to)) {
            int index = producer.getParallelSubtaskIndex();
            producers.add(
                    producer.getCurrentExecutionAttempt()
                            .getResultPartitionDeploymentDescriptor(
                                    result.getPartitions()[index].getPartitionId())
                            .map(ResultPartitionDeploymentDescriptor::getShuffleDescriptor)
                            .orElseThrow(
                                    () ->
                                            new RescaleException(
                                                    producer.getTaskNameWithSubtaskIndex()
                                                            + " has not registered its partition")));
        }
        return producers;
    }

    /** Identity of the TaskExecutor that runs a subtask. */
    public ResourceID processOf(ExecutionVertex subtask) {
        return subtask.getCurrentAssignedResourceLocation().getResourceID();
    }

    /** The same as a text, for all subtasks that have a place. */
    public Map<Integer, String> processes() {
        Map<Integer, String> processes = new HashMap<>();
        for (ExecutionVertex subtask : subtasks) {
            if (subtask.getCurrentAssignedResourceLocation() != null) {
                processes.put(
                        subtask.getParallelSubtaskIndex(),
                        processOf(subtask).getResourceIdString());
            }
        }
        return processes;
    }

    private List<ExecutionVertex> tasksOf(JobVertexID vertex) {
        return List.of(graph.getJobVertex(vertex).getTaskVertices());
    }
}
