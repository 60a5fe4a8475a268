package dev.tern.examples.nexmark;

import java.io.Serializable;

/**
 * The dials of the generated auction site.
 *
 * @param seed changes all content
 * @param eventMicros event time between two events
 * @param hotAuctionRatio one bid in so many does not go to the hot auction
 * @param hotSellerRatio one auction in so many is not of the hot seller
 * @param hotBidderRatio one bid in so many is not of the hot bidder
 * @param openAuctions how many of the latest auctions get bids
 * @param activePeople how many of the latest people act
 * @param outOfOrderGroup events leave shuffled within groups of so many; 1 for in order
 * @param personBytes size of a person, about
 * @param auctionBytes size of an auction, about
 * @param bidBytes size of a bid, about
 */
public record Market(
        long seed,
        double eventMicros,
        int hotAuctionRatio,
        int hotSellerRatio,
        int hotBidderRatio,
        int openAuctions,
        int activePeople,
        int outOfOrderGroup,
        int personBytes,
        int auctionBytes,
        int bidBytes)
        implements Serializable {

    /** Event time of the first event: 2015-07-15T00:00:00Z. */
    public static final long BASE_MILLIS = 1_436_918_400_000L;

    /** The usual dials, at a rate of event time. */
    public static Market usual(long seed, double eventsPerSecond) {
        return new Market(seed, 1e6 / eventsPerSecond, 2, 4, 4, 100, 1000, 1, 200, 500, 100);
    }

    /** The event time of an event number. */
    public long timeMillis(long number) {
        return BASE_MILLIS + (long) (number * eventMicros / 1000);
    }

    /** How far events can be behind others that left before them. */
    public long outOfOrderMillis() {
        return outOfOrderGroup == 1 ? 0 : (long) Math.ceil(outOfOrderGroup * eventMicros / 1000);
    }
}
