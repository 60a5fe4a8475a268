package dev.tern.examples.nexmark;

import org.apache.flink.streaming.api.functions.windowing.WindowFunction;
import org.apache.flink.streaming.api.windowing.windows.TimeWindow;

/** Candidates from what an auction has in a window. */
final class Candidates {

    private Candidates() {}

    /** The number of bids (q5). */
    static WindowFunction<BidCount, Candidate, Long, TimeWindow> counts(Settings settings) {
        return (auction, window, counts, out) -> {
            for (BidCount count : counts) {
                out.collect(
                        new Candidate(
                                window.getEnd(),
                                count.bids(),
                                auction,
                                count(auction, count.bids()),
                                due(settings, count.sample(), window),
                                count.sample().channel()));
            }
        };
    }

    /** The highest bids (q7). */
    static WindowFunction<HighestBids, Candidate, Long, TimeWindow> bids(Settings settings) {
        return (auction, window, highest, out) -> highest.forEach(
                bids -> {
                    for (Offer offer : bids.offers()) {
                        out.collect(
                                new Candidate(
                                        window.getEnd(),
                                        offer.price(),
                                        offer.recordId(),
                                        bid(offer.auction(), offer.bidder(), offer.price()),
                                        due(settings, offer, window),
                                        offer.channel()));
                    }
                });
    }

    static String count(long auction, long bids) {
        return auction + "," + bids;
    }

    static String bid(long auction, long bidder, long price) {
        return auction + "," + bidder + "," + price;
    }

    private static long due(Settings settings, Offer offer, TimeWindow window) {
        return settings.dueMicros(offer.scheduledMicros(), offer.timeMillis(), window.getEnd());
    }
}
