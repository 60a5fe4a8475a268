package dev.tern.rescale.request;

import java.util.Objects;

/** What a request means for the job it was sent to. */
public sealed interface Resolution {

    /**
     * A complete and valid request.
     *
     * @param vertexId the vertex to rescale: 32 hexadecimal digits
     * @param vertexName its name
     * @param from parallelism now
     * @param to wanted parallelism
     * @param strategy how key groups are migrated
     * @param placement who gets them
     * @param mode whether the job can keep running
     * @param reason why the job has to be restarted, a sentence; empty for {@link
     *     RescaleMode#LIVE}
     */
    record Resolved(
            String vertexId,
            String vertexName,
            int from,
            int to,
            String strategy,
            String placement,
            RescaleMode mode,
            String reason)
            implements Resolution {

        public Resolved {
            Objects.requireNonNull(vertexId, "vertexId");
            Objects.requireNonNull(vertexName, "vertexName");
            Objects.requireNonNull(strategy, "strategy");
            Objects.requireNonNull(placement, "placement");
            Objects.requireNonNull(mode, "mode");
            Objects.requireNonNull(reason, "reason");
        }
    }

    /**
     * A request that cannot be followed.
     *
     * @param refusal why, and what to do
     */
    record Rejected(RescaleAnswer.Refused refusal) implements Resolution {}
}
