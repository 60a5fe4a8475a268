package dev.tern.rescale.coordinate;

import org.apache.flink.runtime.executiongraph.ExecutionJobVertex;
import org.apache.flink.runtime.executiongraph.IntermediateResult;
import org.apache.flink.runtime.io.network.partition.ResultPartitionType;
import org.apache.flink.runtime.jobgraph.JobEdge;
import org.apache.flink.runtime.jobgraph.JobVertex;
import org.apache.flink.runtime.jobgraph.JobVertexID;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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

    private LiveObstacles() {}

    /** Empty when nothing in the job graph stands against it, and against those it is tied to. */
    public static List<String> of(
            ExecutionJobVertex vertex, Function<JobVertexID, ExecutionJobVertex> vertices) {
        List<String> obstacles = new ArrayList<>(ownOf(vertex, vertices));
        for (JobVertexID id : PointwiseGroup.of(vertex.getJobVertex())) {
            ExecutionJobVertex member = vertices.apply(id);
            List<String> others = member == vertex ? List.of() : ownOf(member, vertices);
            if (!others.isEmpty()) {
                obstacles.add(
                        String.format(
                                "is connected over pointwise edges with '%s', which %s",
                                member.getName(), String.join(", and which ", others)));
            }
        }
        return obstacles;
    }

    private static List<String> ownOf(
            ExecutionJobVertex vertex, Function<JobVertexID, ExecutionJobVertex> vertices) {
        List<String> obstacles = new ArrayList<>();
        JobVertex job = vertex.getJobVertex();
        if (job.getInputs().isEmpty()) {
            obstacles.add("is a source");
        }
        for (JobEdge input : job.getInputs()) {
            inputObstacle(vertex, input, vertices).ifPresent(obstacles::add);
        }
        if (!vertex.getOperatorCoordinators().isEmpty()) {
            obstacles.add("contains an operator with a coordinator on the JobManager");
        }
        for (IntermediateResult result : vertex.getProducedDataSets()) {
            if (!isPipelined(result)) {
                obstacles.add("produces a result of type " + result.getResultType());
            }
        }
        for (IntermediateResult input : vertex.getInputs()) {
            if (!isPipelined(input)) {
                obstacles.add("reads a result of type " + input.getResultType());
            }
        }
        return obstacles;
    }

    private static Optional<String> inputObstacle(
            ExecutionJobVertex vertex,
            JobEdge input,
            Function<JobVertexID, ExecutionJobVertex> vertices) {
        Routing routing = Routing.of(vertex.getJobVertex());
        String strategy = input.getShipStrategyName();
        JobVertex producer = input.getSource().getProducer();
        if (Routing.isPointwise(input)) {
            int producers = vertices.apply(producer.getID()).getParallelism();
            if (routing != Routing.FOLLOWING) {
                return Optional.of(
                        String.format(
                                "reads '%s' over a pointwise %s edge and other inputs over edges of"
                                        + " other kinds; put a rebalance() or keyBy() there",
                                producer.getName(), strategy));
            }
            return producers == vertex.getParallelism()
                    ? Optional.empty()
                    : Optional.of(
                            String.format(
                                    "reads '%s' over a pointwise %s edge from %d to %d subtasks, and"
                                            + " only equal numbers can be rescaled together; put a"
                                            + " rebalance() or keyBy() there",
                                    producer.getName(),
                                    strategy,
                                    producers,
                                    vertex.getParallelism()));
        }
        return routing == Routing.SPREAD || HASH.equals(strategy) || BROADCAST.equals(strategy)
                ? Optional.empty()
                : Optional.of(
                        String.format(
                                "reads '%s' over a %s edge, and only keyed (HASH) and broadcast"
                                        + " inputs, or inputs that are all spread (REBALANCE,"
                                        + " SHUFFLE), can be re-routed",
                                producer.getName(), strategy));
    }

    private static boolean isPipelined(IntermediateResult result) {
        return result.getResultType() == ResultPartitionType.PIPELINED
                || result.getResultType() == ResultPartitionType.PIPELINED_BOUNDED;
    }
}
