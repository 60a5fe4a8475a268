package dev.tern.rescale.rest;

import org.apache.flink.runtime.rest.handler.HandlerRequest;
import org.apache.flink.runtime.rest.messages.EmptyRequestBody;
import org.apache.flink.runtime.webmonitor.RestfulGateway;
import org.apache.flink.runtime.webmonitor.retriever.GatewayRetriever;

import dev.tern.rescale.request.RescaleAnswer;
import dev.tern.rescale.request.RescaleCall;

import java.time.Duration;
import java.util.Map;

/** Shows one rescale of a job. */
final class RescaleDetailsHandler
        extends RescaleHandler<EmptyRequestBody, RescaleDetailsBody, RescaleMessageParameters> {

    RescaleDetailsHandler(
            GatewayRetriever<? extends RestfulGateway> leaderRetriever,
            Duration timeout,
            Map<String, String> responseHeaders) {
        super(leaderRetriever, timeout, responseHeaders, RescaleDetailsHeaders.INSTANCE);
    }

    @Override
    RescaleCall call(HandlerRequest<EmptyRequestBody> request) {
        return new RescaleCall.Details(request.getPathParameter(RescaleIdPathParameter.class));
    }

    @Override
    RescaleDetailsBody body(RescaleAnswer answer) {
        return answer instanceof RescaleAnswer.DetailsAnswer details
                ? RescaleDetailsBody.of(details.rescale(), System.currentTimeMillis())
                : null;
    }
}
