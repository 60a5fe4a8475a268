package dev.tern.examples.measure;

import java.time.Instant;

/**
 * The clock of the measurements: microseconds since 1970, comparable between processes of a host.
 */
public final class EpochMicros {

    private EpochMicros() {}

    public static long now() {
        Instant now = Instant.now();
        return now.getEpochSecond() * 1_000_000 + now.getNano() / 1000;
    }
}
