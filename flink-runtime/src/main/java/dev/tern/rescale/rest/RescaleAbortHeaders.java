package dev.tern.rescale.rest;

import org.apache.flink.runtime.rest.HttpMethodWrapper;
import org.apache.flink.runtime.rest.messages.EmptyRequestBody;

/** {@code DELETE /jobs/:jobid/rescales}: gives up the rescale that is going on; 202 with its id. */
public final class RescaleAbortHeaders extends RescalesHeaders<EmptyRequestBody> {

    public static final RescaleAbortHeaders INSTANCE = new RescaleAbortHeaders();

    private RescaleAbortHeaders() {}

    @Override
    public Class<EmptyRequestBody> getRequestClass() {
        return EmptyRequestBody.class;
    }

    @Override
    public HttpMethodWrapper getHttpMethod() {
        return HttpMethodWrapper.DELETE;
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
