package dev.tern.client.cli;

import javax.annotation.Nullable;

/** A call that failed; the message is a sentence for the user. */
final class RescaleClientException extends Exception {

    /** What failed. */
    enum Kind {
        /** Nobody answered, or the cluster is changing its leader: it may go better later. */
        UNREACHABLE,
        /** The cluster refused the call. */
        REFUSED
    }

    private final Kind kind;

    RescaleClientException(Kind kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    boolean isUnreachable() {
        return kind == Kind.UNREACHABLE;
    }
}
