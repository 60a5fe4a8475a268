package dev.tern.rescale.request;

/** Why a call was refused; decides the HTTP status. */
public enum RefusalKind {
    /** The call itself is wrong: HTTP 400. */
    BAD_REQUEST,
    /** It names something that does not exist: HTTP 404. */
    NOT_FOUND,
    /** It is right, but the job cannot do it, or not now: HTTP 409. */
    CONFLICT
}
