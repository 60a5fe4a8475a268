package dev.tern.rescale.rest;

import org.apache.flink.runtime.rest.HttpMethodWrapper;
import org.apache.flink.runtime.rest.messages.EmptyRequestBody;
import org.apache.flink.runtime.rest.messages.JobIDPathParameter;
import org.apache.flink.runtime.rest.messages.RuntimeMessageHeaders;

import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpResponseStatus;

/** {@code GET /jobs/:jobid/rescales/details/:rescaleuuid}: one rescale of a job. */
public final class RescaleDetailsHeaders
        implements RuntimeMessageHeaders<
                EmptyRequestBody, RescaleDetailsBody, RescaleMessageParameters> {

    public static final RescaleDetailsHeaders INSTANCE = new RescaleDetailsHeaders();

    private static final String URL =
            "/jobs/:"
                    + JobIDPathParameter.KEY
                    + "/rescales/details/:"
                    + RescaleIdPathParameter.KEY;

    private RescaleDetailsHeaders() {}

    @Override
    public Class<EmptyRequestBody> getRequestClass() {
        return EmptyRequestBody.class;
    }

    @Override
    public Class<RescaleDetailsBody> getResponseClass() {
        return RescaleDetailsBody.class;
    }

    @Override
    public HttpResponseStatus getResponseStatusCode() {
        return HttpResponseStatus.OK;
    }

    @Override
    public RescaleMessageParameters getUnresolvedMessageParameters() {
        return new RescaleMessageParameters();
    }

    @Override
    public HttpMethodWrapper getHttpMethod() {
        return HttpMethodWrapper.GET;
    }

    @Override
    public String getTargetRestEndpointURL() {
        return URL;
    }

    @Override
    public String operationId() {
        return "getRescaleDetails";
    }

    @Override
    public String getDescription() {
        return "Returns one rescale of a job.";
    }
}
