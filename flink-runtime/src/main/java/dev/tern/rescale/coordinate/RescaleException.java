package dev.tern.rescale.coordinate;

import org.apache.flink.util.ExceptionUtils;

/** A rescale, or a step of one, cannot go on; the message is a sentence for the user. */
public final class RescaleException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public RescaleException(String message) {
        super(message);
    }

    public RescaleException(String message, Throwable cause) {
        super(message, cause);
    }

    /** The same failure without the wrappers futures put around it. */
    public static RescaleException of(Throwable failure) {
        Throwable bare = ExceptionUtils.stripCompletionException(failure);
        if (bare instanceof RescaleException ours) {
            return ours;
        }
        return new RescaleException(
                bare.getMessage() == null ? bare.toString() : bare.getMessage(), bare);
    }
}
