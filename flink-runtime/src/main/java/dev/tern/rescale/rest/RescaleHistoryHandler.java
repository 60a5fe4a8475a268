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

/** Lists the rescales of a job. */
final class RescaleHistoryHandler
        extends RescaleHandler<EmptyRequestBody, RescaleHistoryBody, JobMessageParameters> {

    RescaleHistoryHandler(
            GatewayRetriever<? extends RestfulGateway> leaderRetriever,
            Duration timeout,
            Map<String, String> responseHeaders) {
        super(leaderRetriever, timeout, responseHeaders, RescaleHistoryHeaders.INSTANCE);
    }

    @Override
    RescaleCall call(HandlerRequest<EmptyRequestBody> request) {
        return new RescaleCall.History();
    }

    @Override
    RescaleHistoryBody body(RescaleAnswer answer) {
        return answer instanceof RescaleAnswer.HistoryAnswer history
                ? RescaleHistoryBody.of(history.rescales(), System.currentTimeMillis())
                : null;
    }
}
