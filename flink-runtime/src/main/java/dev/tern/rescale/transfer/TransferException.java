package dev.tern.rescale.transfer;

import java.io.IOException;

/** A transfer could not be started or completed; the message says which and why. */
public class TransferException extends IOException {

    private static final long serialVersionUID = 1L;

    public TransferException(String message) {
        super(message);
    }

    public TransferException(String message, Throwable cause) {
        super(message, cause);
    }
}
