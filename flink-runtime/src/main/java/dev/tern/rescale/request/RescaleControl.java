package dev.tern.rescale.request;

import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.streaming.api.graph.StreamingJobGraphGenerator;
import org.apache.flink.util.AbstractID;

/** The address of the rescale coordinator on the channels that Flink has for operators. */
public final class RescaleControl {

    /** The operator uid that belongs to the coordinator; no operator of a job may use it. */
    public static final String UID = "tern-rescale-control";

    /** The operator id that Flink derives from {@link #UID}. */
    public static final OperatorID OPERATOR_ID =
            StreamingJobGraphGenerator.generateOperatorID(UID);

    private RescaleControl() {}

    /** A fresh rescale id: 32 hexadecimal digits. */
    public static String newRescaleId() {
        return new AbstractID().toHexString();
    }
}
