package dev.tern.rescale.checkpoint;

import org.apache.flink.runtime.checkpoint.OperatorState;

import java.io.IOException;

/** A checkpoint cannot be written in a form that would be restored correctly, so it must fail. */
public final class CheckpointFilingException extends IOException {

    private static final long serialVersionUID = 1L;

    CheckpointFilingException(OperatorState state, String reason) {
        super(
                "Keyed state of operator "
                        + state.getOperatorName().orElse("(no name)")
                        + " ("
                        + state.getOperatorID()
                        + ") cannot be put into a checkpoint: "
                        + reason);
    }
}
