package dev.tern.rescale.rest;

import org.apache.flink.runtime.rest.handler.HandlerRequest;
import org.apache.flink.runtime.rest.handler.RestHandlerException;
import org.apache.flink.runtime.rest.messages.JobMessageParameters;
import org.apache.flink.runtime.webmonitor.RestfulGateway;
import org.apache.flink.runtime.webmonitor.retriever.GatewayRetriever;

import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpResponseStatus;

import dev.tern.rescale.request.RescaleAnswer;
import dev.tern.rescale.request.RescaleCall;

import java.time.Duration;
import java.util.Map;

/** Starts a rescale, or says what it would do. */
final class RescaleSubmitHandler
        extends RescaleHandler<
                RescaleRequestBody, RescaleSubmitResponseBody, JobMessageParameters> {

    RescaleSubmitHandler(
            GatewayRetriever<? extends RestfulGateway> leaderRetriever,
            Duration timeout,
            Map<String, String> responseHeaders) {
        super(leaderRetriever, timeout, responseHeaders, RescaleSubmitHeaders.INSTANCE);
    }

    @Override
    RescaleCall call(HandlerRequest<RescaleRequestBody> request) throws RestHandlerException {
        try {
            return new RescaleCall.Submit(request.getRequestBody().toRequest());
        } catch (RescaleRequestBody.MalformedRequestException e) {
            throw new RestHandlerException(e.getMessage(), HttpResponseStatus.BAD_REQUEST, e);
        }
    }

    @Override
    RescaleSubmitResponseBody body(RescaleAnswer answer) {
        if (answer instanceof RescaleAnswer.Accepted accepted) {
            return RescaleAcceptedBody.of(accepted.rescale());
        }
        return answer instanceof RescaleAnswer.Plan plan
                ? RescalePlanBody.of(plan.report())
                : null;
    }

    @Override
    HttpResponseStatus status(RescaleSubmitResponseBody body) {
        return body instanceof RescalePlanBody ? HttpResponseStatus.OK : super.status(body);
    }
}
