package dev.tern.rescale.rest;

import org.apache.flink.runtime.rest.messages.JobMessageParameters;
import org.apache.flink.runtime.rest.messages.MessagePathParameter;

import java.util.Collection;
import java.util.List;

/** A job and one of its rescales. */
public final class RescaleMessageParameters extends JobMessageParameters {

    /** The id of the rescale. */
    public final RescaleIdPathParameter rescalePathParameter = new RescaleIdPathParameter();

    @Override
    public Collection<MessagePathParameter<?>> getPathParameters() {
        return List.of(jobPathParameter, rescalePathParameter);
    }
}
