package dev.tern.rescale.coordinate;

import org.apache.flink.runtime.executiongraph.ExecutionJobVertex;

import java.util.List;
import java.util.stream.Collectors;

/** How many subtasks a vertex of the running job is to have. */
public record VertexTarget(ExecutionJobVertex vertex, int to) {

    public boolean grows() {
        return to > vertex.getParallelism();
    }

    /** Names of the vertices, for sentences. */
    public static String names(List<VertexTarget> targets) {
        return targets.stream()
                .map(target -> target.vertex().getName())
                .collect(Collectors.joining(", "));
    }
}
