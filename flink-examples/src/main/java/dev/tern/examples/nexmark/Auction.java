package dev.tern.examples.nexmark;

/**
 * An item for sale, open from the time of its event until it expires.
 *
 * @param initialBid in cents
 * @param reserve in cents; lower bids do not win
 * @param expiresMillis event time from which bids are too late
 */
public record Auction(
        long id,
        String itemName,
        String description,
        long initialBid,
        long reserve,
        long expiresMillis,
        long seller,
        long category,
        String extra) {}
