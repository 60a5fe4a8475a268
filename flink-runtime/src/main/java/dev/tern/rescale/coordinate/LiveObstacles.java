package dev.tern.rescale.coordinate;

import org.apache.flink.runtime.executiongraph.ExecutionJobVertex;
import org.apache.flink.runtime.io.network.partition.ResultPartitionType;
import org.apache.flink.runtime.jobgraph.DistributionPattern;
import org.apache.flink.runtime.jobgraph.IntermediateDataSet;
import org.apache.flink.runtime.jobgraph.JobEdge;
import org.apache.flink.runtime.jobgraph.JobVertex;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

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
    public static List<String> of(ExecutionJobVertex vertex) {
        return in(vertex.getJobVertex()).stream().map(ShapeObstacle::clause).toList();
    }

    /** The same, of a job that need not run. */
    public static List<ShapeObstacle> in(JobVertex vertex) {
        List<ShapeObstacle> obstacles = new ArrayList<>();
        if (vertex.getInputs().isEmpty()) {
            obstacles.add(ShapeObstacle.of("is a source"));
        }
        for (JobEdge input : vertex.getInputs()) {
            String strategy = input.getShipStrategyName();
            if (!isSpread(vertex) && !HASH.equals(strategy) && !BROADCAST.equals(strategy)) {
                obstacles.add(
                        ShapeObstacle.of(
                                input,
                                "reads '%s' over a %s edge, and only keyed (HASH) and broadcast"
                                        + " inputs, or inputs that are all spread (REBALANCE,"
                                        + " SHUFFLE), can be re-routed",
                                input.getSource().getProducer().getName(),
                                strategy));
            }
        }
        if (!vertex.getOperatorCoordinators().isEmpty()) {
            obstacles.add(
                    ShapeObstacle.of("contains an operator with a coordinator on the JobManager"));
        }
        for (IntermediateDataSet result : vertex.getProducedDataSets()) {
            addOutputObstacles(result, obstacles);
        }
        for (JobEdge input : vertex.getInputs()) {
            if (!isPipelined(input.getSource())) {
                obstacles.add(
                        ShapeObstacle.of(
                                input,
                                "reads a result of type %s",
                                input.getSource().getResultType()));
            }
        }
        return List.copyOf(obstacles);
    }

    /** Whether any subtask may process any record, so that nothing has an owner. */
    public static boolean isSpread(ExecutionJobVertex vertex) {
        return isSpread(vertex.getJobVertex());
    }

    /** The same, of a job that need not run. */
    public static boolean isSpread(JobVertex vertex) {
        List<JobEdge> inputs = vertex.getInputs();
        return !inputs.isEmpty()
                && inputs.stream()
                        .allMatch(
                                input ->
                                        input.getDistributionPattern()
                                                        == DistributionPattern.ALL_TO_ALL
                                                && SPREADING.contains(input.getShipStrategyName()));
    }

    private static void addOutputObstacles(
            IntermediateDataSet result, List<ShapeObstacle> obstacles) {
        if (!isPipelined(result)) {
            obstacles.add(ShapeObstacle.of("produces a result of type " + result.getResultType()));
        }
        for (JobEdge edge : result.getConsumers()) {
            if (edge.getDistributionPattern() != DistributionPattern.ALL_TO_ALL) {
                obstacles.add(
                        ShapeObstacle.of(
                                edge,
                                "feeds '%s' over a pointwise %s edge; put a rebalance() or keyBy()"
                                        + " before it",
                                edge.getTarget().getName(),
                                edge.getShipStrategyName()));
            }
        }
    }

    private static boolean isPipelined(IntermediateDataSet result) {
        return result.getResultType() == ResultPartitionType.PIPELINED
                || result.getResultType() == ResultPartitionType.PIPELINED_BOUNDED;
    }
}
