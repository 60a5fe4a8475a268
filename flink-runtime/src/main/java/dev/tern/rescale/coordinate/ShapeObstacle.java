package dev.tern.rescale.coordinate;

import org.apache.flink.runtime.jobgraph.JobEdge;

import javax.annotation.Nullable;

/**
 * What one thing in the shape of a job says against rescaling a vertex live.
 *
 * @param clause follows "it"
 * @param edge the connection that is in the way; null if it is the vertex itself
 */
public record ShapeObstacle(String clause, @Nullable JobEdge edge) {

    static ShapeObstacle of(String clause) {
        return new ShapeObstacle(clause, null);
    }

    static ShapeObstacle of(JobEdge edge, String format, Object... arguments) {
        return new ShapeObstacle(String.format(format, arguments), edge);
    }
}
