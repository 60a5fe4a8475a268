package dev.tern.client.cli;

import org.apache.flink.api.common.JobID;
import org.apache.flink.client.program.rest.RestClusterClient;
import org.apache.flink.runtime.rest.messages.EmptyRequestBody;
import org.apache.flink.runtime.rest.messages.JobMessageParameters;
import org.apache.flink.runtime.rest.messages.MessageHeaders;
import org.apache.flink.runtime.rest.messages.MessageParameters;
import org.apache.flink.runtime.rest.messages.RequestBody;
import org.apache.flink.runtime.rest.messages.ResponseBody;
import org.apache.flink.runtime.rest.util.RestClientException;
import org.apache.flink.util.ExceptionUtils;

import dev.tern.client.cli.RescaleClientException.Kind;
import dev.tern.rescale.request.RescaleRequest;
import dev.tern.rescale.rest.RescaleAbortHeaders;
import dev.tern.rescale.rest.RescaleAcceptedBody;
import dev.tern.rescale.rest.RescaleCheckBody;
import dev.tern.rescale.rest.RescaleCheckHeaders;
import dev.tern.rescale.rest.RescaleDetailsBody;
import dev.tern.rescale.rest.RescaleDetailsHeaders;
import dev.tern.rescale.rest.RescaleHistoryHeaders;
import dev.tern.rescale.rest.RescaleMessageParameters;
import dev.tern.rescale.rest.RescaleRequestBody;
import dev.tern.rescale.rest.RescaleSubmitHeaders;
import dev.tern.rescale.rest.RescaleSubmitResponseBody;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Talks to the REST endpoint of a cluster. It borrows the cluster client for that, which finds the
 * leader and knows about TLS, proxies and URL prefixes.
 */
final class RestRescaleClient implements RescaleClient {

    private final RestClusterClient<?> cluster;
    private final Duration timeout;

    /**
     * Creates a client.
     *
     * @param cluster the cluster; the caller closes it
     * @param timeout how long an answer may take
     */
    RestRescaleClient(RestClusterClient<?> cluster, Duration timeout) {
        this.cluster = cluster;
        this.timeout = timeout;
    }

    @Override
    public RescaleSubmitResponseBody submit(JobID jobId, RescaleRequest request)
            throws RescaleClientException {
        return send(RescaleSubmitHeaders.INSTANCE, job(jobId), RescaleRequestBody.of(request));
    }

    @Override
    public String abort(JobID jobId) throws RescaleClientException {
        RescaleSubmitResponseBody answer =
                send(RescaleAbortHeaders.INSTANCE, job(jobId), EmptyRequestBody.getInstance());
        return ((RescaleAcceptedBody) answer).rescaleId();
    }

    @Override
    public RescaleCheckBody check(JobID jobId) throws RescaleClientException {
        return send(RescaleCheckHeaders.INSTANCE, job(jobId), EmptyRequestBody.getInstance());
    }

    @Override
    public List<RescaleDetailsBody> history(JobID jobId) throws RescaleClientException {
        return send(RescaleHistoryHeaders.INSTANCE, job(jobId), EmptyRequestBody.getInstance())
                .rescales();
    }

    @Override
    public RescaleDetailsBody details(JobID jobId, String rescaleId)
            throws RescaleClientException {
        RescaleMessageParameters parameters = new RescaleMessageParameters();
        parameters.jobPathParameter.resolve(jobId);
        parameters.rescalePathParameter.resolve(rescaleId);
        return send(RescaleDetailsHeaders.INSTANCE, parameters, EmptyRequestBody.getInstance());
    }

    private static JobMessageParameters job(JobID jobId) {
        JobMessageParameters parameters = new JobMessageParameters();
        parameters.jobPathParameter.resolve(jobId);
        return parameters;
    }

    private <R extends RequestBody, P extends ResponseBody, M extends MessageParameters> P send(
            MessageHeaders<R, P, M> headers, M parameters, R body) throws RescaleClientException {
        try {
            return cluster.sendRequest(headers, parameters, body)
                    .get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RescaleClientException(Kind.REFUSED, "Interrupted.", e);
        } catch (TimeoutException e) {
            throw new RescaleClientException(
                    Kind.UNREACHABLE,
                    String.format(
                            "The cluster at %s did not answer within %d s (client.timeout)."
                                    + " The rescale may have started: `flink rescale <jobId>"
                                    + " --status` tells.",
                            cluster.getWebInterfaceURL(), timeout.toSeconds()),
                    e);
        } catch (ExecutionException e) {
            throw translated(e);
        }
    }

    private RescaleClientException translated(ExecutionException failure) {
        return ExceptionUtils.findThrowable(failure, RestClientException.class)
                .map(answered -> refused(answered, failure))
                .orElseGet(
                        () ->
                                new RescaleClientException(
                                        Kind.UNREACHABLE,
                                        String.format(
                                                "No Flink cluster answers at %s. Start one with"
                                                        + " bin/start-cluster.sh, or say where it"
                                                        + " is with -m <host>:<port>.",
                                                cluster.getWebInterfaceURL()),
                                        failure));
    }

    private RescaleClientException refused(RestClientException answer, Throwable failure) {
        int status = answer.getHttpResponseStatus().code();
        String sentence = RestErrors.sentence(answer.getMessage());
        if (RestErrors.isUnknownPath(status, sentence)) {
            sentence =
                    String.format(
                            "The cluster at %s has no rescale resource: it does not run Tern.",
                            cluster.getWebInterfaceURL());
        }
        return new RescaleClientException(
                status == 503 ? Kind.UNREACHABLE : Kind.REFUSED, sentence, failure);
    }
}
