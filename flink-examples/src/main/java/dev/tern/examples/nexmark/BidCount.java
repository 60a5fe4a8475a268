package dev.tern.examples.nexmark;

import org.apache.flink.api.common.functions.AggregateFunction;

/**
 * How many bids an auction has in a window.
 *
 * @param sample any of them; null if there is none
 */
public record BidCount(long bids, Offer sample) {

    /** Counts bids (q5). */
    static final class Counting implements AggregateFunction<Offer, BidCount, BidCount> {

        private static final long serialVersionUID = 1L;

        @Override
        public BidCount createAccumulator() {
            return new BidCount(0, null);
        }

        @Override
        public BidCount add(Offer offer, BidCount before) {
            return new BidCount(before.bids + 1, offer);
        }

        @Override
        public BidCount getResult(BidCount count) {
            return count;
        }

        @Override
        public BidCount merge(BidCount a, BidCount b) {
            return new BidCount(a.bids + b.bids, a.sample == null ? b.sample : a.sample);
        }
    }
}
