package dev.tern.examples.nexmark;

import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichFlatMapFunction;
import org.apache.flink.util.Collector;

import dev.tern.examples.sink.Outcome;

/** Bids in another currency (q1), or those on some of the auctions (q2). Keeps no state. */
final class OfferMap extends RichFlatMapFunction<Offer, Outcome> {

    private static final long serialVersionUID = 1L;

    private final long auctionSkip;

    private transient int subtask;

    /**
     * @param auctionSkip take bids on each so-many-th auction as they are; 0: on all, in euros
     */
    OfferMap(long auctionSkip) {
        this.auctionSkip = auctionSkip;
    }

    @Override
    public void open(OpenContext context) {
        subtask = getRuntimeContext().getTaskInfo().getIndexOfThisSubtask();
    }

    @Override
    public void flatMap(Offer offer, Collector<Outcome> out) {
        if (auctionSkip != 0 && offer.auction() % auctionSkip != 0) {
            return;
        }
        out.collect(
                new Outcome(
                        Long.toString(offer.auction()),
                        0,
                        offer.recordId(),
                        auctionSkip == 0
                                ? offer.bidder() + "," + euros(offer.price())
                                : Long.toString(offer.price()),
                        offer.scheduledMicros(),
                        offer.channel(),
                        subtask));
    }

    /** Dollar cents in euro cents, at the rate the benchmark was once given. */
    private static long euros(long dollars) {
        return dollars * 89 / 100;
    }
}
