package dev.tern.client.cli;

import org.apache.flink.api.common.JobID;

import dev.tern.rescale.request.RescaleRequest;
import dev.tern.rescale.rest.RescaleCheckBody;
import dev.tern.rescale.rest.RescaleDetailsBody;
import dev.tern.rescale.rest.RescaleSubmitResponseBody;

import java.util.List;

/** What {@code flink rescale} can ask a cluster. */
interface RescaleClient {

    /** Starts a rescale, or plans it if the request is a dry run. */
    RescaleSubmitResponseBody submit(JobID jobId, RescaleRequest request)
            throws RescaleClientException;

    /** Stops the rescale that is going on; tells its id. */
    String abort(JobID jobId) throws RescaleClientException;

    /** What could be rescaled. */
    RescaleCheckBody check(JobID jobId) throws RescaleClientException;

    /** The rescales of a job, newest first. */
    List<RescaleDetailsBody> history(JobID jobId) throws RescaleClientException;

    /** One rescale of a job. */
    RescaleDetailsBody details(JobID jobId, String rescaleId) throws RescaleClientException;
}
