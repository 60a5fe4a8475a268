package dev.tern.examples.nexmark;

/**
 * Something that happens on the auction site: exactly one of person, auction and bid is there.
 *
 * @param recordId its place in the stream, from 0
 * @param timeMillis event time
 * @param scheduledMicros when the source was due to emit it
 * @param channel the ordered path it takes
 */
public record Event(
        long recordId,
        long timeMillis,
        long scheduledMicros,
        int channel,
        Person person,
        Auction auction,
        Bid bid) {

    public boolean isPerson() {
        return person != null;
    }

    public boolean isAuction() {
        return auction != null;
    }

    public boolean isBid() {
        return bid != null;
    }
}
