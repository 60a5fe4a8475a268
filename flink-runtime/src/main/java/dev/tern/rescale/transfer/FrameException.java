package dev.tern.rescale.transfer;

/** The other side broke the protocol, or the bytes were damaged on the way. */
final class FrameException extends TransferException {

    private static final long serialVersionUID = 1L;

    FrameException(String message) {
        super(message);
    }
}
