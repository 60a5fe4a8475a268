package dev.tern.rescale.rest;

import org.apache.flink.api.common.JobID;
import org.apache.flink.runtime.operators.coordination.CoordinationRequest;
import org.apache.flink.runtime.rest.handler.AbstractRestHandler;
import org.apache.flink.runtime.rest.handler.HandlerRequest;
import org.apache.flink.runtime.rest.handler.RestHandlerException;
import org.apache.flink.runtime.rest.handler.util.HandlerUtils;
import org.apache.flink.runtime.rest.messages.ErrorResponseBody;
import org.apache.flink.runtime.rest.messages.JobIDPathParameter;
import org.apache.flink.runtime.rest.messages.MessageHeaders;
import org.apache.flink.runtime.rest.messages.MessageParameters;
import org.apache.flink.runtime.rest.messages.RequestBody;
import org.apache.flink.runtime.rest.messages.ResponseBody;
import org.apache.flink.runtime.webmonitor.RestfulGateway;
import org.apache.flink.runtime.webmonitor.retriever.GatewayRetriever;
import org.apache.flink.util.SerializedValue;
import org.apache.flink.util.concurrent.FutureUtils;

import org.apache.flink.shaded.netty4.io.netty.channel.ChannelHandlerContext;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpRequest;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpResponseStatus;

import dev.tern.rescale.request.RescaleAnswer;
import dev.tern.rescale.request.RescaleCall;
import dev.tern.rescale.request.RescaleControl;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Puts a call to the rescale coordinator of the job in the path, on the channel that Flink has for
 * requests to operator coordinators, and renders the answer. An error is one sentence: the stock
 * handlers send a stack trace.
 *
 * <p>Runs in Netty threads and is thread safe.
 */
abstract class RescaleHandler<
                R extends RequestBody, P extends ResponseBody, M extends MessageParameters>
        extends AbstractRestHandler<RestfulGateway, R, P, M> {

    RescaleHandler(
            GatewayRetriever<? extends RestfulGateway> leaderRetriever,
            Duration timeout,
            Map<String, String> responseHeaders,
            MessageHeaders<R, P, M> messageHeaders) {
        super(leaderRetriever, timeout, responseHeaders, messageHeaders);
    }

    /** What is to be asked. */
    abstract RescaleCall call(HandlerRequest<R> request) throws RestHandlerException;

    /** The body for an answer that is not a refusal, or null if it does not fit the call. */
    abstract P body(RescaleAnswer answer);

    /** The status that goes with a body. */
    HttpResponseStatus status(P body) {
        return getMessageHeaders().getResponseStatusCode();
    }

    @Override
    protected CompletableFuture<P> handleRequest(HandlerRequest<R> request, RestfulGateway gateway)
            throws RestHandlerException {
        JobID jobId = request.getPathParameter(JobIDPathParameter.class);
        return gateway.deliverCoordinationRequestToCoordinator(
                        jobId, RescaleControl.UID, serialized(call(request)), timeout)
                .handle(
                        (answer, failure) ->
                                failure == null
                                        ? render(jobId, answer)
                                        : FutureUtils.<P>completedExceptionally(
                                                RescaleFailures.toRest(failure, jobId)))
                .thenCompose(rendered -> rendered);
    }

    @Override
    protected CompletableFuture<Void> respondToRequest(
            ChannelHandlerContext ctx,
            HttpRequest httpRequest,
            HandlerRequest<R> request,
            RestfulGateway gateway) {
        CompletableFuture<P> response;
        try {
            response = handleRequest(request, gateway);
        } catch (RestHandlerException e) {
            response = FutureUtils.completedExceptionally(e);
        }
        JobID jobId = request.getPathParameter(JobIDPathParameter.class);
        return response.handle(
                        (body, failure) ->
                                failure == null
                                        ? HandlerUtils.sendResponse(
                                                ctx,
                                                httpRequest,
                                                body,
                                                status(body),
                                                responseHeaders)
                                        : respondError(ctx, httpRequest, failure, jobId))
                .thenCompose(sent -> sent);
    }

    private CompletableFuture<Void> respondError(
            ChannelHandlerContext ctx, HttpRequest httpRequest, Throwable failure, JobID jobId) {
        RestHandlerException error = RescaleFailures.toRest(failure, jobId);
        if (error.getHttpResponseStatus().code() >= 500) {
            log.error("{} (job {})", error.getMessage(), jobId, failure);
        } else {
            log.info("Refused: {} (job {})", error.getMessage(), jobId);
        }
        return HandlerUtils.sendErrorResponse(
                ctx,
                httpRequest,
                new ErrorResponseBody(error.getMessage()),
                error.getHttpResponseStatus(),
                responseHeaders);
    }

    private CompletableFuture<P> render(JobID jobId, Object answer) {
        if (answer instanceof RescaleAnswer.Refused refused) {
            return FutureUtils.completedExceptionally(RescaleFailures.refused(refused));
        }
        P body = answer instanceof RescaleAnswer known ? body(known) : null;
        return body != null
                ? CompletableFuture.completedFuture(body)
                : FutureUtils.completedExceptionally(
                        RescaleFailures.unexpected(jobId, getClass(), answer));
    }

    private static SerializedValue<CoordinationRequest> serialized(RescaleCall call)
            throws RestHandlerException {
        try {
            return new SerializedValue<>(call);
        } catch (IOException e) {
            throw new RestHandlerException(
                    "The request cannot be serialized: " + e.getMessage(),
                    HttpResponseStatus.INTERNAL_SERVER_ERROR,
                    e);
        }
    }
}
