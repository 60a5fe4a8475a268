package dev.tern.rescale.request;

import org.apache.flink.runtime.operators.coordination.CoordinationRequest;

import java.util.Objects;

/**
 * A call to the rescale coordinator of a job, answered by a {@link RescaleAnswer}. It is sent to
 * the operator {@link RescaleControl#UID}.
 */
public sealed interface RescaleCall extends CoordinationRequest {

    /**
     * Starts a rescale, or plans one if the request is a dry run.
     *
     * @param request what the user asks for
     */
    record Submit(RescaleRequest request) implements RescaleCall {
        public Submit {
            Objects.requireNonNull(request, "request");
        }
    }

    /** Gives up the rescale that is going on, or waits. */
    record Abort() implements RescaleCall {}

    /** Asks what could be rescaled, and what stands against it. */
    record Check() implements RescaleCall {}

    /** Asks for the rescales of the job. */
    record History() implements RescaleCall {}

    /**
     * Asks for one rescale.
     *
     * @param rescaleId its id
     */
    record Details(String rescaleId) implements RescaleCall {
        public Details {
            Objects.requireNonNull(rescaleId, "rescaleId");
        }
    }
}
