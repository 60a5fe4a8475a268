package dev.tern.rescale.hooks;

import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.runtime.rest.handler.RestHandlerSpecification;
import org.apache.flink.runtime.webmonitor.WebMonitorEndpoint;

import org.apache.flink.shaded.netty4.io.netty.channel.ChannelInboundHandler;

import dev.tern.rescale.rest.RescaleHandlers;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Where Flink's REST endpoint calls us. */
public final class RestHooks {

    private RestHooks() {}

    /**
     * Called when {@code WebMonitorEndpoint#initializeHandlers} returns; adds our resources.
     *
     * @param handlers the handlers of the endpoint, not yet sorted or registered
     * @param endpoint the endpoint
     * @param localAddress the address of the endpoint, once it is bound
     */
    public static void addHandlers(
            List<Tuple2<RestHandlerSpecification, ChannelInboundHandler>> handlers,
            WebMonitorEndpoint<?> endpoint,
            CompletableFuture<String> localAddress) {
        handlers.addAll(
                RescaleHandlers.all(
                        endpoint.leaderRetriever,
                        endpoint.restConfiguration.getTimeout(),
                        endpoint.responseHeaders));
    }
}
