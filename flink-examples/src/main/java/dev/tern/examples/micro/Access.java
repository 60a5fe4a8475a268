package dev.tern.examples.micro;

/**
 * A record of the benchmark.
 *
 * @param key whose state it reads and writes
 * @param payload ballast, so that records have a size
 */
public record Access(
        long recordId, long scheduledMicros, int channel, long key, byte[] payload) {}
