package dev.tern.rescale.rest;

import org.apache.flink.runtime.rest.HttpMethodWrapper;
import org.apache.flink.runtime.rest.messages.EmptyRequestBody;
import org.apache.flink.runtime.rest.messages.MessageParameters;
import org.apache.flink.runtime.rest.messages.ResponseBody;
import org.apache.flink.runtime.rest.messages.RuntimeMessageHeaders;

import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpResponseStatus;

/** What all {@code GET} requests of the rescale resource have in common. */
abstract class GetHeaders<B extends ResponseBody, P extends MessageParameters>
        implements RuntimeMessageHeaders<EmptyRequestBody, B, P> {

    @Override
    public final Class<EmptyRequestBody> getRequestClass() {
        return EmptyRequestBody.class;
    }

    @Override
    public final HttpResponseStatus getResponseStatusCode() {
        return HttpResponseStatus.OK;
    }

    @Override
    public final HttpMethodWrapper getHttpMethod() {
        return HttpMethodWrapper.GET;
    }
}
