package dev.tern.rescale.rest;

import org.apache.flink.runtime.rest.messages.JobIDPathParameter;
import org.apache.flink.runtime.rest.messages.JobMessageParameters;

/** {@code GET /jobs/:jobid/rescales/check}: what could be rescaled. */
public final class RescaleCheckHeaders
        extends GetHeaders<RescaleCheckBody, JobMessageParameters> {

    public static final RescaleCheckHeaders INSTANCE = new RescaleCheckHeaders();

    private static final String URL =
            "/jobs/:" + JobIDPathParameter.KEY + "/rescales/check";

    private RescaleCheckHeaders() {}

    @Override
    public Class<RescaleCheckBody> getResponseClass() {
        return RescaleCheckBody.class;
    }

    @Override
    public JobMessageParameters getUnresolvedMessageParameters() {
        return new JobMessageParameters();
    }

    @Override
    public String getTargetRestEndpointURL() {
        return URL;
    }

    @Override
    public String operationId() {
        return "getRescaleCheck";
    }

    @Override
    public String getDescription() {
        return "Returns which vertices of a job can be rescaled while it runs, and why not the others.";
    }
}
