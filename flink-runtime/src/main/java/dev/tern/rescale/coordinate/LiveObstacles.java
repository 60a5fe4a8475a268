package dev.tern.rescale.coordinate;

import dev.tern.rescale.request.Obstacle;

import org.apache.flink.runtime.executiongraph.ExecutionJobVertex;
import org.apache.flink.runtime.io.network.partition.ResultPartitionType;
import org.apache.flink.runtime.jobgraph.IntermediateDataSet;
import org.apache.flink.runtime.jobgraph.JobEdge;
import org.apache.flink.runtime.jobgraph.JobVertex;
import org.apache.flink.runtime.jobgraph.JobVertexID;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;

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
        // A job graph keeps its own numbers when the job comes back at other ones.
        return in(vertex.getJobVertex(), v -> vertices.apply(v.getID()).getParallelism()).stream()
                .map(ShapeObstacle::clause)
                .toList();
    }

    /** The same, of a job that need not run. */
    public static List<ShapeObstacle> in(JobVertex vertex) {
        return in(vertex, JobVertex::getParallelism);
    }

    private static List<ShapeObstacle> in(
            JobVertex vertex, ToIntFunction<JobVertex> parallelism) {
        List<ShapeObstacle> obstacles = new ArrayList<>(ownOf(vertex, parallelism));
        for (JobVertex member : PointwiseGroup.members(vertex)) {
            List<ShapeObstacle> others = member == vertex ? List.of() : ownOf(member, parallelism);
            if (!others.isEmpty()) {
                obstacles.add(tied(vertex, member, others));
            }
        }
        return List.copyOf(obstacles);
    }

    private static ShapeObstacle tied(
            JobVertex vertex, JobVertex member, List<ShapeObstacle> others) {
        return ShapeObstacle.of(
                PointwiseGroup.edges(vertex).get(0),
                Obstacle.TIED_TO_ANOTHER,
                member.getName(),
                others.stream()
                        .map(ShapeObstacle::clause)
                        .collect(Collectors.joining(", and which ")));
    }

    private static List<ShapeObstacle> ownOf(
            JobVertex vertex, ToIntFunction<JobVertex> parallelism) {
        List<ShapeObstacle> obstacles = new ArrayList<>();
        if (vertex.getInputs().isEmpty()) {
            obstacles.add(ShapeObstacle.of(Obstacle.SOURCE));
        }
        for (JobEdge input : vertex.getInputs()) {
            inputObstacle(vertex, input, parallelism).ifPresent(obstacles::add);
        }
        if (!vertex.getOperatorCoordinators().isEmpty()) {
            obstacles.add(ShapeObstacle.of(Obstacle.COORDINATOR));
        }
        for (IntermediateDataSet result : vertex.getProducedDataSets()) {
            if (!isPipelined(result)) {
                obstacles.add(
                        ShapeObstacle.of(
                                Obstacle.RESULT_NOT_PIPELINED, result.getResultType()));
            }
        }
        for (JobEdge input : vertex.getInputs()) {
            if (!isPipelined(input.getSource())) {
                obstacles.add(
                        ShapeObstacle.of(
                                input,
                                Obstacle.INPUT_NOT_PIPELINED,
                                input.getSource().getResultType()));
            }
        }
        return obstacles;
    }

    private static Optional<ShapeObstacle> inputObstacle(
            JobVertex vertex, JobEdge input, ToIntFunction<JobVertex> parallelism) {
        Routing routing = Routing.of(vertex);
        String strategy = input.getShipStrategyName();
        JobVertex producer = input.getSource().getProducer();
        if (Routing.isPointwise(input)) {
            if (routing != Routing.FOLLOWING) {
                return Optional.of(
                        ShapeObstacle.of(
                                input,
                                Obstacle.POINTWISE_AMONG_OTHERS,
                                producer.getName(),
                                strategy));
            }
            int from = parallelism.applyAsInt(producer);
            int to = parallelism.applyAsInt(vertex);
            return from == to
                    ? Optional.empty()
                    : Optional.of(
                            ShapeObstacle.of(
                                    input,
                                    Obstacle.UNEVEN_POINTWISE_EDGE,
                                    producer.getName(),
                                    strategy,
                                    from,
                                    to));
        }
        return routing == Routing.SPREAD || HASH.equals(strategy) || BROADCAST.equals(strategy)
                ? Optional.empty()
                : Optional.of(
                        ShapeObstacle.of(
                                input,
                                Obstacle.OTHER_EDGE,
                                producer.getName(),
                                strategy));
    }

    private static boolean isPipelined(IntermediateDataSet result) {
        return result.getResultType() == ResultPartitionType.PIPELINED
                || result.getResultType() == ResultPartitionType.PIPELINED_BOUNDED;
    }
}
