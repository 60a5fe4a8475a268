package dev.tern.rescale.rest;

import org.apache.flink.runtime.rest.HttpMethodWrapper;

/** {@code POST /jobs/:jobid/rescales}: 202 with an id, or 200 with a plan for a dry run. */
public final class RescaleSubmitHeaders extends RescalesHeaders<RescaleRequestBody> {

    public static final RescaleSubmitHeaders INSTANCE = new RescaleSubmitHeaders();

    private RescaleSubmitHeaders() {}

    @Override
    public Class<RescaleRequestBody> getRequestClass() {
        return RescaleRequestBody.class;
    }

    @Override
    public HttpMethodWrapper getHttpMethod() {
        return HttpMethodWrapper.POST;
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
