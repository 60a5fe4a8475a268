package dev.tern.rescale.scheduler;

import dev.tern.rescale.request.RescaleMode;

import org.apache.flink.runtime.jobgraph.JobVertexID;

/**
 * What a user asked for by {@code flink rescale}, until it is over.
 *
 * @param rescaleId its id in the history
 * @param vertex the vertex
 * @param to the wanted parallelism
 * @param mode LIVE, or RESTART when that is known already
 * @param mayRestart whether a restart is allowed if it turns out that it cannot be done live
 * @param upperBoundBefore what the upper bound of the vertex goes back to when it is given up
 * @param deadlineNanos when slots must be there, by {@link System#nanoTime}
 */
record RescaleIntent(
        String rescaleId,
        JobVertexID vertex,
        int to,
        RescaleMode mode,
        boolean mayRestart,
        int upperBoundBefore,
        long deadlineNanos) {}
