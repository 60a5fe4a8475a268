package dev.tern.rescale.rest;

import org.apache.flink.runtime.rest.messages.JobIDPathParameter;
import org.apache.flink.runtime.rest.messages.JobMessageParameters;

/** {@code GET /jobs/:jobid/rescales/history}: the rescales of a job. */
public final class RescaleHistoryHeaders
        extends GetHeaders<RescaleHistoryBody, JobMessageParameters> {

    public static final RescaleHistoryHeaders INSTANCE = new RescaleHistoryHeaders();

    private static final String URL =
            "/jobs/:" + JobIDPathParameter.KEY + "/rescales/history";

    private RescaleHistoryHeaders() {}

    @Override
    public Class<RescaleHistoryBody> getResponseClass() {
        return RescaleHistoryBody.class;
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
        return "getRescaleHistory";
    }

    @Override
    public String getDescription() {
        return "Returns the rescales of a job, newest first.";
    }
}
