package dev.tern.rescale.rest;

import org.apache.flink.runtime.rest.messages.JobIDPathParameter;

/** {@code GET /jobs/:jobid/rescales/details/:rescaleuuid}: one rescale of a job. */
public final class RescaleDetailsHeaders
        extends GetHeaders<RescaleDetailsBody, RescaleMessageParameters> {

    public static final RescaleDetailsHeaders INSTANCE = new RescaleDetailsHeaders();

    private static final String URL =
            "/jobs/:"
                    + JobIDPathParameter.KEY
                    + "/rescales/details/:"
                    + RescaleIdPathParameter.KEY;

    private RescaleDetailsHeaders() {}

    @Override
    public Class<RescaleDetailsBody> getResponseClass() {
        return RescaleDetailsBody.class;
    }

    @Override
    public RescaleMessageParameters getUnresolvedMessageParameters() {
        return new RescaleMessageParameters();
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
