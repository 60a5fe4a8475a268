package dev.tern.rescale.scheduler;

import dev.tern.rescale.request.RescaleMode;

import org.apache.flink.runtime.jobgraph.JobVertexID;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a user asked for by {@code flink rescale}, until it is over.
 *
 * @param rescaleId its id in the history
 * @param wishes what is wanted of each vertex
 * @param mode LIVE, or RESTART when that is known already
 * @param mayRestart whether a restart is allowed if it turns out that it cannot be done live
 * @param deadlineNanos when slots must be there, by {@link System#nanoTime}
 */
record RescaleIntent(
        String rescaleId,
        List<Wish> wishes,
        RescaleMode mode,
        boolean mayRestart,
        long deadlineNanos) {

    /**
     * What is wanted of one vertex.
     *
     * @param to the wanted parallelism
     * @param upperBoundBefore what the upper bound of the vertex goes back to when it is given up
     */
    record Wish(JobVertexID vertex, int to, int upperBoundBefore) {}

    boolean concerns(JobVertexID vertex) {
        return wishes.stream().anyMatch(wish -> wish.vertex().equals(vertex));
    }

    /** The wanted parallelism of each vertex. */
    Map<JobVertexID, Integer> wanted() {
        Map<JobVertexID, Integer> wanted = new HashMap<>();
        wishes.forEach(wish -> wanted.put(wish.vertex(), wish.to()));
        return wanted;
    }
}
