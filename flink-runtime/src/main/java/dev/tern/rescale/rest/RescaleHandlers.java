package dev.tern.rescale.rest;

import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.runtime.rest.handler.RestHandlerSpecification;
import org.apache.flink.runtime.webmonitor.RestfulGateway;
import org.apache.flink.runtime.webmonitor.retriever.GatewayRetriever;

import org.apache.flink.shaded.netty4.io.netty.channel.ChannelInboundHandler;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The rescale resources of the REST API. */
public final class RescaleHandlers {

    private RescaleHandlers() {}

    /**
     * All handlers with their headers.
     *
     * @param leaderRetriever leads to the Dispatcher
     * @param timeout how long a call to the JobMaster may take
     * @param responseHeaders HTTP headers of every response
     */
    public static List<Tuple2<RestHandlerSpecification, ChannelInboundHandler>> all(
            GatewayRetriever<? extends RestfulGateway> leaderRetriever,
            Duration timeout,
            Map<String, String> responseHeaders) {
        return List.of(
                Tuple2.of(
                        RescaleSubmitHeaders.INSTANCE,
                        new RescaleSubmitHandler(leaderRetriever, timeout, responseHeaders)),
                Tuple2.of(
                        RescaleAbortHeaders.INSTANCE,
                        new RescaleAbortHandler(leaderRetriever, timeout, responseHeaders)),
                Tuple2.of(
                        RescaleCheckHeaders.INSTANCE,
                        new RescaleCheckHandler(leaderRetriever, timeout, responseHeaders)),
                Tuple2.of(
                        RescaleHistoryHeaders.INSTANCE,
                        new RescaleHistoryHandler(leaderRetriever, timeout, responseHeaders)),
                Tuple2.of(
                        RescaleDetailsHeaders.INSTANCE,
                        new RescaleDetailsHandler(leaderRetriever, timeout, responseHeaders)));
    }
}
