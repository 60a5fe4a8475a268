package dev.tern.examples.nexmark;

/** What the winner of an auction depends on, kept while it is open. */
public record OpenAuction(
        long startMillis,
        long expiresMillis,
        long reserve,
        long seller,
        long category,
        long scheduledMicros) {

    /** The auction of an event. */
    public static OpenAuction of(Event event) {
        Auction auction = event.auction();
        return new OpenAuction(
                event.timeMillis(),
                auction.expiresMillis(),
                auction.reserve(),
                auction.seller(),
                auction.category(),
                event.scheduledMicros());
    }

    /** Whether an offer is in time and high enough. */
    public boolean takes(Offer offer) {
        return offer.timeMillis() >= startMillis
                && offer.timeMillis() < expiresMillis
                && offer.price() >= reserve;
    }
}
