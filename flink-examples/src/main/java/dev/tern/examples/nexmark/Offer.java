package dev.tern.examples.nexmark;

/** A bid without its ballast. */
public record Offer(
        long recordId,
        long timeMillis,
        long scheduledMicros,
        int channel,
        long auction,
        long bidder,
        long price) {

    /** The bid of an event. */
    public static Offer of(Event event) {
        Bid bid = event.bid();
        return new Offer(
                event.recordId(),
                event.timeMillis(),
                event.scheduledMicros(),
                event.channel(),
                bid.auction(),
                bid.bidder(),
                bid.price());
    }

    /** Whether this one wins: the higher price, then the earlier time, then the lower id. */
    public boolean beats(Offer other) {
        if (other == null || price != other.price) {
            return other == null || price > other.price;
        }
        return timeMillis != other.timeMillis
                ? timeMillis < other.timeMillis
                : recordId < other.recordId;
    }
}
