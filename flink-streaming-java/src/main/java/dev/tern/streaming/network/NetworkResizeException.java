package dev.tern.streaming.network;

import java.io.IOException;

/**
 * An output or an input could not be resized; it is as it was before and the task goes on. The
 * message says what is missing and which option provides it.
 */
public final class NetworkResizeException extends IOException {

    private static final long serialVersionUID = 1L;

    /** Creates an exception without a cause. */
    public NetworkResizeException(String message) {
        super(message);
    }

    /** Creates an exception with the error that made the resize impossible. */
    public NetworkResizeException(String message, Throwable cause) {
        super(message, cause);
    }
}
