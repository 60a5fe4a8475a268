package dev.tern.rescale.rest;

import org.apache.flink.runtime.rest.handler.HandlerRequest;
import org.apache.flink.runtime.rest.messages.EmptyRequestBody;
import org.apache.flink.runtime.rest.messages.JobMessageParameters;
import org.apache.flink.runtime.webmonitor.RestfulGateway;
import org.apache.flink.runtime.webmonitor.retriever.GatewayRetriever;

import dev.tern.rescale.request.RescaleAnswer;
import dev.tern.rescale.request.RescaleCall;

import java.time.Duration;
import java.util.Map;

/** Gives up the rescale of a job that is going on. */
final class RescaleAbortHandler
        extends RescaleHandler<EmptyRequestBody, RescaleSubmitResponseBody, JobMessageParameters> {

    RescaleAbortHandler(
            GatewayRetriever<? extends RestfulGateway> leaderRetriever,
            Duration timeout,
            Map<String, String> responseHeaders) {
        super(leaderRetriever, timeout, responseHeaders, RescaleAbortHeaders.INSTANCE);
    }

    @Override
    RescaleCall call(HandlerRequest<EmptyRequestBody> request) {
        return new RescaleCall.Abort();
    }

    @Override
    RescaleSubmitResponseBody body(RescaleAnswer answer) {
        return answer instanceof RescaleAnswer.Accepted accepted
                ? RescaleAcceptedBody.of(accepted.rescale())
                : null;
    }
}
