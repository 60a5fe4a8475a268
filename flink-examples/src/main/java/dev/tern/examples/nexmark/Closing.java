package dev.tern.examples.nexmark;

import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

import java.util.ArrayList;
import java.util.List;

/**
 * Keeps the best bid of each open auction and emits it when the auction expires (q4 and q6).
 *
 * <p>With several sources a bid can come before its auction. It is kept until time has passed it:
 * after that, an auction that opened in time for it would be known.
 */
final class Closing extends KeyedProcessFunction<Long, Event, Sale> {

    private static final long serialVersionUID = 1L;

    private final Settings settings;

    private transient ValueState<OpenAuction> open;
    private transient ValueState<Offer> best;
    private transient ListState<Offer> early;

    Closing(Settings settings) {
        this.settings = settings;
    }

    /** The auction that an auction or a bid belongs to. */
    static long auction(Event event) {
        return event.isBid() ? event.bid().auction() : event.auction().id();
    }

    @Override
    public void open(OpenContext context) {
        open = getRuntimeContext().getState(new ValueStateDescriptor<>("open", OpenAuction.class));
        best = getRuntimeContext().getState(new ValueStateDescriptor<>("best", Offer.class));
        early = getRuntimeContext().getListState(new ListStateDescriptor<>("early", Offer.class));
    }

    @Override
    public void processElement(Event event, Context context, Collector<Sale> out)
            throws Exception {
        if (event.isAuction()) {
            OpenAuction auction = OpenAuction.of(event);
            open.update(auction);
            for (Offer offer : early.get()) {
                consider(auction, offer);
            }
            early.clear();
            // The last millisecond in which bids count.
            context.timerService().registerEventTimeTimer(auction.expiresMillis() - 1);
            return;
        }
        Offer offer = Offer.of(event);
        OpenAuction auction = open.value();
        if (auction != null) {
            consider(auction, offer);
        } else {
            early.add(offer);
            context.timerService().registerEventTimeTimer(offer.timeMillis());
        }
    }

    private void consider(OpenAuction auction, Offer offer) throws Exception {
        if (auction.takes(offer) && offer.beats(best.value())) {
            best.update(offer);
        }
    }

    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<Sale> out)
            throws Exception {
        OpenAuction auction = open.value();
        if (auction == null) {
            dropUntil(timestamp);
        } else if (timestamp >= auction.expiresMillis() - 1) {
            Offer winner = best.value();
            if (winner != null) {
                out.collect(sale(context.getCurrentKey(), auction, winner));
            }
            open.clear();
            best.clear();
        }
    }

    private void dropUntil(long timestamp) throws Exception {
        List<Offer> left = new ArrayList<>();
        for (Offer offer : early.get()) {
            if (offer.timeMillis() > timestamp) {
                left.add(offer);
            }
        }
        early.update(left);
    }

    private Sale sale(long id, OpenAuction auction, Offer winner) {
        return new Sale(
                winner.recordId(),
                settings.dueMicros(
                        auction.scheduledMicros(), auction.startMillis(), auction.expiresMillis()),
                winner.channel(),
                id,
                auction.seller(),
                auction.category(),
                winner.price());
    }
}
