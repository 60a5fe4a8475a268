package dev.tern.experiments.rest;

import java.io.IOException;

/** A REST call that the JobManager did not answer with success. */
public final class RestFailure extends IOException {

    private static final long serialVersionUID = 1L;

    private final int status;

    /** Describes the call {@code method path} that was answered with {@code status}. */
    public RestFailure(String method, String path, int status, String body) {
        super(method + " " + path + " was answered with HTTP " + status + ": " + body);
        this.status = status;
    }

    /** The HTTP status of the answer. */
    public int status() {
        return status;
    }
}
