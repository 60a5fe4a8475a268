package dev.tern.rescale.rest;

import org.apache.flink.runtime.rest.messages.MessagePathParameter;

/** The id of a rescale in a path. */
public final class RescaleIdPathParameter extends MessagePathParameter<String> {

    /** The name Flink 2.3 gives the parameter. */
    public static final String KEY = "rescaleuuid";

    RescaleIdPathParameter() {
        super(KEY);
    }

    @Override
    protected String convertFromString(String value) {
        return value;
    }

    @Override
    protected String convertToString(String value) {
        return value;
    }

    @Override
    public String getDescription() {
        return "32-character hexadecimal string that identifies a rescale of a job.";
    }
}
