package dev.tern.rescale.rest;

import org.apache.flink.runtime.rest.messages.ResponseBody;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.annotation.JsonSubTypes;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.annotation.JsonTypeInfo;

/** The answer to {@code POST /jobs/:jobid/rescales}: an id, or the plan if it was a dry run. */
@JsonTypeInfo(use = JsonTypeInfo.Id.DEDUCTION)
@JsonSubTypes({
    @JsonSubTypes.Type(RescaleAcceptedBody.class),
    @JsonSubTypes.Type(RescalePlanBody.class)
})
public sealed interface RescaleSubmitResponseBody extends ResponseBody
        permits RescaleAcceptedBody, RescalePlanBody {}
