package dev.tern.rescale.rest;

import org.apache.flink.runtime.rest.HttpMethodWrapper;
import org.apache.flink.runtime.rest.messages.EmptyRequestBody;
import org.apache.flink.runtime.rest.messages.JobIDPathParameter;
import org.apache.flink.runtime.rest.messages.JobMessageParameters;
import org.apache.flink.runtime.rest.messages.RuntimeMessageHeaders;

import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpResponseStatus;

/** {@code GET /jobs/:jobid/rescales/history}: the rescales of a job. */
public final class RescaleHistoryHeaders
        implements RuntimeMessageHeaders<
                EmptyRequestBody, RescaleHistoryBody, JobMessageParameters> {

    public static final RescaleHistoryHeaders INSTANCE = new RescaleHistoryHeaders();

    private static final String URL =
            "/jobs/:" + JobIDPathParameter.KEY + "/rescales/history";

    private RescaleHistoryHeaders() {}

    @Override
    public Class<EmptyRequestBody> getRequestClass() {
        return EmptyRequestBody.class;
    }

    @Override
    public Class<RescaleHistoryBody> getResponseClass() {
        return RescaleHistoryBody.class;
    }

    @Override
    public HttpResponseStatus getResponseStatusCode() {
        return HttpResponseStatus.OK;
    }

    @Override
    public JobMessageParameters getUnresolvedMessageParameters() {
        return new JobMessageParameters();
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
        return "getRescaleHistory";
    }

    @Override
    public String getDescription() {
        return "Returns the rescales of a job, newest first.";
    }
}
