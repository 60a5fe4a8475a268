package dev.tern.examples.nexmark;

/**
 * An offer for an item.
 *
 * @param price in cents
 */
public record Bid(long auction, long bidder, long price, String extra) {}
