package dev.tern.examples.nexmark;

import org.apache.flink.api.common.functions.AggregateFunction;

import java.util.Arrays;

/**
 * The highest bids of a window.
 *
 * @param offers all of the same price
 */
public record HighestBids(Offer[] offers) {

    private HighestBids with(Offer offer) {
        if (offers.length == 0 || offer.price() > offers[0].price()) {
            return new HighestBids(new Offer[] {offer});
        }
        if (offer.price() < offers[0].price()) {
            return this;
        }
        Offer[] more = Arrays.copyOf(offers, offers.length + 1);
        more[offers.length] = offer;
        return new HighestBids(more);
    }

    /** Keeps the highest bids (q7). */
    static final class Keeping implements AggregateFunction<Offer, HighestBids, HighestBids> {

        private static final long serialVersionUID = 1L;

        @Override
        public HighestBids createAccumulator() {
            return new HighestBids(new Offer[0]);
        }

        @Override
        public HighestBids add(Offer offer, HighestBids before) {
            return before.with(offer);
        }

        @Override
        public HighestBids getResult(HighestBids highest) {
            return highest;
        }

        @Override
        public HighestBids merge(HighestBids a, HighestBids b) {
            HighestBids merged = a;
            for (Offer offer : b.offers) {
                merged = merged.with(offer);
            }
            return merged;
        }
    }
}
