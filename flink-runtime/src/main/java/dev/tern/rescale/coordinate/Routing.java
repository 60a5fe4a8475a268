package dev.tern.rescale.coordinate;

import org.apache.flink.runtime.jobgraph.DistributionPattern;
import org.apache.flink.runtime.jobgraph.JobEdge;
import org.apache.flink.runtime.jobgraph.JobVertex;

import java.util.List;
import java.util.Set;

/** How records find the subtask of a vertex that processes them. */
public enum Routing {
    /** By key: each key group has an owner. */
    BY_KEY,
    /** Any subtask may process any record. */
    SPREAD,
    /** Each subtask has producers of its own, over pointwise edges only. */
    FOLLOWING;

    private static final Set<String> SPREADING = Set.of("REBALANCE", "SHUFFLE");

    /** What the inputs of a vertex say; a source counts as keyed by nothing. */
    public static Routing of(JobVertex vertex) {
        List<JobEdge> inputs = vertex.getInputs();
        if (inputs.isEmpty()) {
            return BY_KEY;
        }
        if (inputs.stream().allMatch(Routing::isPointwise)) {
            return FOLLOWING;
        }
        return inputs.stream().allMatch(Routing::spreads) ? SPREAD : BY_KEY;
    }

    static boolean isPointwise(JobEdge edge) {
        return edge.getDistributionPattern() == DistributionPattern.POINTWISE;
    }

    private static boolean spreads(JobEdge edge) {
        return !isPointwise(edge) && SPREADING.contains(edge.getShipStrategyName());
    }
}
