package dev.tern.examples.nexmark;

/**
 * An auction that has closed with a winner.
 *
 * @param recordId of the winning bid
 * @param dueMicros when it could have been known
 */
public record Sale(
        long recordId,
        long dueMicros,
        int channel,
        long auction,
        long seller,
        long category,
        long price) {}
