package dev.tern.rescale.coordinate;

import dev.tern.rescale.request.Obstacle;

import org.apache.flink.runtime.jobgraph.JobEdge;

import javax.annotation.Nullable;

/**
 * What one thing in the shape of a job says against rescaling a vertex live.
 *
 * @param edge the connection that is in the way; null if it is the vertex itself
 */
public record ShapeObstacle(Obstacle.Reason reason, @Nullable JobEdge edge) {

    static ShapeObstacle of(Obstacle obstacle, Object... arguments) {
        return new ShapeObstacle(obstacle.reason(arguments), null);
    }

    static ShapeObstacle of(JobEdge edge, Obstacle obstacle, Object... arguments) {
        return new ShapeObstacle(obstacle.reason(arguments), edge);
    }

    /** Follows "it". */
    public String clause() {
        return reason.text();
    }
}
