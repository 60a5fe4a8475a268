package dev.tern.rescale.rest;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.annotation.JsonProperty;

/**
 * The rescale was accepted and runs.
 *
 * @param rescaleId to be used in {@code GET /jobs/:jobid/rescales/details/:rescaleuuid}
 */
public record RescaleAcceptedBody(@JsonProperty("rescaleId") String rescaleId)
        implements RescaleSubmitResponseBody {}
