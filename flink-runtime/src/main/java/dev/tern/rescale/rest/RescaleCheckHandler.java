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

/** Tells which vertices of a job can be rescaled. */
final class RescaleCheckHandler
        extends RescaleHandler<EmptyRequestBody, RescaleCheckBody, JobMessageParameters> {

    RescaleCheckHandler(
            GatewayRetriever<? extends RestfulGateway> leaderRetriever,
            Duration timeout,
            Map<String, String> responseHeaders) {
        super(leaderRetriever, timeout, responseHeaders, RescaleCheckHeaders.INSTANCE);
    }

    @Override
    RescaleCall call(HandlerRequest<EmptyRequestBody> request) {
        return new RescaleCall.Check();
    }

    @Override
    RescaleCheckBody body(RescaleAnswer answer) {
        return answer instanceof RescaleAnswer.CheckAnswer check
                ? RescaleCheckBody.of(check.report())
                : null;
    }
}
