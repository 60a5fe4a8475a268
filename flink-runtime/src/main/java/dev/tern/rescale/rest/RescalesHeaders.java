package dev.tern.rescale.rest;

import org.apache.flink.runtime.rest.messages.JobIDPathParameter;
import org.apache.flink.runtime.rest.messages.JobMessageParameters;
import org.apache.flink.runtime.rest.messages.RequestBody;
import org.apache.flink.runtime.rest.messages.RuntimeMessageHeaders;

import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpResponseStatus;

/** What the requests have in common that change {@code /jobs/:jobid/rescales}. */
abstract class RescalesHeaders<R extends RequestBody>
        implements RuntimeMessageHeaders<R, RescaleSubmitResponseBody, JobMessageParameters> {

    private static final String URL = "/jobs/:" + JobIDPathParameter.KEY + "/rescales";

    @Override
    public final Class<RescaleSubmitResponseBody> getResponseClass() {
        return RescaleSubmitResponseBody.class;
    }

    @Override
    public final HttpResponseStatus getResponseStatusCode() {
        return HttpResponseStatus.ACCEPTED;
    }

    @Override
    public final JobMessageParameters getUnresolvedMessageParameters() {
        return new JobMessageParameters();
    }

    @Override
    public final String getTargetRestEndpointURL() {
        return URL;
    }
}
