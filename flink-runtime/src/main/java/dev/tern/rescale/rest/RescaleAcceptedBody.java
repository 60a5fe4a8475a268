package dev.tern.rescale.rest;

import dev.tern.rescale.request.RescaleRecord;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.annotation.JsonProperty;

import java.util.List;

/**
 * The rescale was accepted and runs.
 *
 * @param rescaleId to be used in {@code GET /jobs/:jobid/rescales/details/:rescaleuuid}
 * @param together names of the vertices that are rescaled with the one that was asked for, since they
 *     can only be rescaled together
 */
public record RescaleAcceptedBody(
        @JsonProperty("rescaleId") String rescaleId,
        @JsonProperty("together") List<String> together)
        implements RescaleSubmitResponseBody {

    public RescaleAcceptedBody {
        together = List.copyOf(together);
    }

    static RescaleAcceptedBody of(RescaleRecord rescale) {
        return new RescaleAcceptedBody(rescale.rescaleId(), rescale.together());
    }
}
