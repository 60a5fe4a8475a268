package dev.tern.rescale.rest;

import org.apache.flink.runtime.rest.HttpMethodWrapper;
import org.apache.flink.runtime.rest.messages.JobIDPathParameter;
import org.apache.flink.runtime.rest.messages.JobMessageParameters;
import org.apache.flink.runtime.rest.messages.RuntimeMessageHeaders;

import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpResponseStatus;

/** {@code POST /jobs/:jobid/rescales}: 202 with an id, or 200 with a plan for a dry run. */
public final class RescaleSubmitHeaders
        implements RuntimeMessageHeaders<
                RescaleRequestBody, RescaleSubmitResponseBody, JobMessageParameters> {

    public static final RescaleSubmitHeaders INSTANCE = new RescaleSubmitHeaders();

    private static final String URL =
            "/jobs/:" + JobIDPathParameter.KEY + "/rescales";

    private RescaleSubmitHeaders() {}

    @Override
    public Class<RescaleRequestBody> getRequestClass() {
        return RescaleRequestBody.class;
    }

    @Override
    public Class<RescaleSubmitResponseBody> getResponseClass() {
        return RescaleSubmitResponseBody.class;
    }

    @Override
    public HttpResponseStatus getResponseStatusCode() {
        return HttpResponseStatus.ACCEPTED;
    }

    @Override
    public JobMessageParameters getUnresolvedMessageParameters() {
        return new JobMessageParameters();
    }

    @Override
    public HttpMethodWrapper getHttpMethod() {
        return HttpMethodWrapper.POST;
    }

    @Override
    public String getTargetRestEndpointURL() {
        return URL;
    }

    @Override
    public String operationId() {
        return "submitRescale";
    }

    @Override
    public String getDescription() {
        return "Changes the parallelism of one vertex of a running job, or says what that would"
                + " do.";
    }
}
