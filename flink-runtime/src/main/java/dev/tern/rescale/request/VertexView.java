package dev.tern.rescale.request;

import java.util.List;

/**
 * What has to be known of a job vertex to check a request.
 *
 * @param id 32 hexadecimal digits
 * @param name name as the dashboard shows it
 * @param parallelism number of subtasks that run
 * @param maxParallelism number of key groups
 * @param obstacles why the vertex cannot be rescaled while it runs, each a clause that follows "it"
 *     (for example "is a source"); empty if it can
 * @param together ids of the other vertices that can only be rescaled with it, to one parallelism
 */
public record VertexView(
        String id,
        String name,
        int parallelism,
        int maxParallelism,
        List<String> obstacles,
        List<String> together) {

    public VertexView {
        obstacles = List.copyOf(obstacles);
        together = List.copyOf(together);
    }

    /** A vertex that is rescaled alone. */
    public VertexView(
            String id, String name, int parallelism, int maxParallelism, List<String> obstacles) {
        this(id, name, parallelism, maxParallelism, obstacles, List.of());
    }

    /** Whether the vertex can be rescaled while it runs. */
    public boolean isLive() {
        return obstacles.isEmpty();
    }
}
