package dev.tern.rescale.scheduler;

import org.apache.flink.runtime.jobgraph.JobResourceRequirements;
import org.apache.flink.runtime.jobgraph.JobVertexID;
import org.apache.flink.runtime.jobgraph.JobVertexResourceRequirements.Parallelism;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The bounds that vertices had before somebody wanted others, until that is carried out: what a
 * rescale that is given up goes back to, whoever asked for it. JobMaster main thread.
 */
final class ReplacedBounds {

    private final Map<JobVertexID, Parallelism> before = new HashMap<>();

    /** Somebody wants other bounds. Where earlier ones were never carried out, those do not count. */
    void replace(JobResourceRequirements present, JobResourceRequirements wanted) {
        for (JobVertexID vertex : wanted.getJobVertices()) {
            Parallelism bounds = present.getParallelism(vertex);
            if (!bounds.equals(wanted.getParallelism(vertex))) {
                before.putIfAbsent(vertex, bounds);
            }
        }
    }

    /**
     * A vertex has reached a parallelism that was wanted. If another one has been wanted since, that
     * goes back to this one.
     */
    void reached(JobVertexID vertex, int parallelism, Parallelism present) {
        Parallelism earlier = before.remove(vertex);
        if (earlier != null && present.getUpperBound() != parallelism) {
            before.put(
                    vertex,
                    new Parallelism(
                            Math.min(earlier.getLowerBound(), parallelism), parallelism));
        }
    }

    /** All that was wanted has been carried out, or will be. */
    void forget() {
        before.clear();
    }

    /** What the vertex goes back to; empty if nobody has wanted anything else. */
    Optional<Parallelism> takeBack(JobVertexID vertex) {
        return Optional.ofNullable(before.remove(vertex));
    }
}
