package dev.tern.rescale.coordinate;

import org.apache.flink.runtime.executiongraph.ExecutionJobVertex;
import org.apache.flink.runtime.executiongraph.IntermediateResult;
import org.apache.flink.runtime.io.network.partition.ResultPartitionType;
import org.apache.flink.runtime.jobgraph.DistributionPattern;
import org.apache.flink.runtime.jobgraph.JobEdge;
import org.apache.flink.runtime.jobgraph.JobVertex;
import org.apache.flink.runtime.jobgraph.JobVertexID;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * What the shape of a job says against rescaling a vertex live.
 *
 * <p>Each obstacle is a clause that follows "it". What only the running tasks know (state backend,
 * operator state) is asked of them later, see {@link Inspection}.
 */
public final class LiveObstacles {

    private static final String HASH = "HASH";
    private static final String BROADCAST = "BROADCAST";
    private static final Set<String> SPREADING = Set.of("REBALANCE", "SHUFFLE");

    private LiveObstacles() {}

    /** Empty when nothing in the job graph stands against it. */
    public static List<String> of(
            ExecutionJobVertex vertex, Function<JobVertexID, ExecutionJobVertex> vertices) {
        List<String> obstacles = new ArrayList<>();
        JobVertex job = vertex.getJobVertex();
        if (job.getInputs().isEmpty()) {
            obstacles.add("is a source");
        }
        for (JobEdge input : job.getInputs()) {
            String strategy = input.getShipStrategyName();
            if (!isSpread(vertex) && !HASH.equals(strategy) && !BROADCAST.equals(strategy)) {
                obstacles.add(
                        String.format(
                                "reads '%s' over a %s edge, and only keyed (HASH) and broadcast"
                                        + " inputs, or inputs that are all spread (REBALANCE,"
                                        + " SHUFFLE), can be re-routed",
                                input.getSource().getProducer().getName(), strategy));
            }
        }
        if (!vertex.getOperatorCoordinators().isEmpty()) {
            obstacles.add("contains an operator with a coordinator on the JobManager");
        }
        for (IntermediateResult result : vertex.getProducedDataSets()) {
            addOutputObstacles(result, vertices, obstacles);
        }
        for (IntermediateResult input : vertex.getInputs()) {
            if (!isPipelined(input)) {
                obstacles.add("reads a result of type " + input.getResultType());
            }
        }
        return obstacles;
    }

    /** Whether any subtask may process any record, so that nothing has an owner. */
    public static boolean isSpread(ExecutionJobVertex vertex) {
        List<JobEdge> inputs = vertex.getJobVertex().getInputs();
        return !inputs.isEmpty()
                && inputs.stream()
                        .allMatch(
                                input ->
                                        input.getDistributionPattern()
                                                        == DistributionPattern.ALL_TO_ALL
                                                && SPREADING.contains(input.getShipStrategyName()));
    }

    private static void addOutputObstacles(
            IntermediateResult result,
            Function<JobVertexID, ExecutionJobVertex> vertices,
            List<String> obstacles) {
        if (!isPipelined(result)) {
            obstacles.add("produces a result of type " + result.getResultType());
        }
        for (JobVertexID consumerId : result.getConsumerVertices()) {
            ExecutionJobVertex consumer = vertices.apply(consumerId);
            for (JobEdge edge : consumer.getJobVertex().getInputs()) {
                if (edge.getSourceId().equals(result.getId())
                        && edge.getDistributionPattern() != DistributionPattern.ALL_TO_ALL) {
                    obstacles.add(
                            String.format(
                                    "feeds '%s' over a pointwise %s edge; put a rebalance() or"
                                            + " keyBy() before it",
                                    consumer.getName(), edge.getShipStrategyName()));
                }
            }
        }
    }

    private static boolean isPipelined(IntermediateResult result) {
        return result.getResultType() == ResultPartitionType.PIPELINED
                || result.getResultType() == ResultPartitionType.PIPELINED_BOUNDED;
    }
}
