package dev.tern.rescale.rest;

import org.apache.flink.runtime.rest.messages.EmptyRequestBody;
import org.apache.flink.runtime.rest.HttpMethodWrapper;
import org.apache.flink.runtime.rest.messages.JobIDPathParameter;
import org.apache.flink.runtime.rest.messages.JobMessageParameters;
import org.apache.flink.runtime.rest.messages.RuntimeMessageHeaders;

import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpResponseStatus;

/** {@code DELETE /jobs/:jobid/rescales}: gives up the rescale that is going on; 202 with its id. */
public final class RescaleAbortHeaders
        implements RuntimeMessageHeaders<
                EmptyRequestBody, RescaleSubmitResponseBody, JobMessageParameters> {

    public static final RescaleAbortHeaders INSTANCE = new RescaleAbortHeaders();

    private static final String URL =
            "/jobs/:" + JobIDPathParameter.KEY + "/rescales";

    private RescaleAbortHeaders() {}

    @Override
    public Class<EmptyRequestBody> getRequestClass() {
        return EmptyRequestBody.class;
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
        return HttpMethodWrapper.DELETE;
    }

    @Override
    public String getTargetRestEndpointURL() {
        return URL;
    }

    @Override
    public String operationId() {
        return "abortRescale";
    }

    @Override
    public String getDescription() {
        return "Stops the rescale of a running job at a consistent ownership: undone before key"
                + " groups move, else after the present step.";
    }
}
