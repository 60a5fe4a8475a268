package dev.tern.rescale.coordinate;

import org.apache.flink.util.ExceptionUtils;
import org.apache.flink.util.FlinkException;

/** A rescale, or a step of one, cannot go on; the message is a sentence for the user. */
public final class RescaleException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public RescaleException(String message) {
        super(message);
    }

    public RescaleException(String message, Throwable cause) {
        super(message, cause);
    }

    /**
     * The same failure for Flink to carry about. Its RPC cannot read exceptions of other classes
     * than its own in another process, and loses the connection and messages over one.
     */
    public FlinkException forFlink() {
        FlinkException failure = new FlinkException(getMessage());
        failure.setStackTrace(getStackTrace());
        return failure;
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
