package dev.tern.examples.nexmark;

import org.apache.flink.api.common.functions.FilterFunction;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.KeyedStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.windowing.assigners.SlidingEventTimeWindows;
import org.apache.flink.streaming.api.windowing.assigners.TumblingEventTimeWindows;

import dev.tern.examples.parameters.Parameters;
import dev.tern.examples.sink.Outcome;

import java.time.Duration;
import java.util.Locale;

/** The queries of the benchmark, as pipelines from events to results. */
public enum Query {
    /** Currency conversion. */
    Q1 {
        @Override
        public DataStream<Outcome> of(
                DataStream<Event> events, Settings settings, Keyed keyed) {
            return keyed.vertex("Currency", byAuction(events).flatMap(new OfferMap(0)));
        }
    },
    /** Selection. */
    Q2 {
        @Override
        public DataStream<Outcome> of(
                DataStream<Event> events, Settings settings, Keyed keyed) {
            return keyed.vertex(
                    "Selection",
                    byAuction(events).flatMap(new OfferMap(settings.auctionSkip())));
        }
    },
    /** Local items for sale. */
    Q3 {
        @Override
        public DataStream<Outcome> of(
                DataStream<Event> events, Settings settings, Keyed keyed) {
            return keyed.vertex(
                    "LocalItems",
                    some("Wanted", events, LocalItems::wants)
                            .keyBy(LocalItems::person, Types.LONG)
                            .process(new LocalItems()));
        }
    },
    /** Average price of each category. */
    Q4 {
        @Override
        public DataStream<Outcome> of(
                DataStream<Event> events, Settings settings, Keyed keyed) {
            return sales(events, settings, keyed, new SaleFunction(false));
        }
    },
    /** Auctions with the most bids. */
    Q5 {
        @Override
        public DataStream<Outcome> of(
                DataStream<Event> events, Settings settings, Keyed keyed) {
            return best(
                    keyed,
                    keyed.vertex(
                            "BidCounts",
                            byAuction(events)
                                    .window(
                                            SlidingEventTimeWindows.of(
                                                    Duration.ofMillis(settings.windowMillis()),
                                                    Duration.ofMillis(settings.stepMillis())))
                                    .aggregate(
                                            new BidCount.Counting(),
                                            Candidates.counts(settings),
                                            TypeInformation.of(BidCount.class),
                                            TypeInformation.of(Candidate.class))));
        }
    },
    /** Average price of each seller's last ten sales. */
    Q6 {
        @Override
        public DataStream<Outcome> of(
                DataStream<Event> events, Settings settings, Keyed keyed) {
            return sales(events, settings, keyed, new SaleFunction(true));
        }
    },
    /** Highest bids. */
    Q7 {
        @Override
        public DataStream<Outcome> of(
                DataStream<Event> events, Settings settings, Keyed keyed) {
            return best(
                    keyed,
                    keyed.vertex(
                            "HighestBids",
                            byAuction(events)
                                    .window(
                                            TumblingEventTimeWindows.of(
                                                    Duration.ofMillis(settings.windowMillis())))
                                    .aggregate(
                                            new HighestBids.Keeping(),
                                            Candidates.bids(settings),
                                            TypeInformation.of(HighestBids.class),
                                            TypeInformation.of(Candidate.class))));
        }
    },
    /** New sellers. */
    Q8 {
        @Override
        public DataStream<Outcome> of(
                DataStream<Event> events, Settings settings, Keyed keyed) {
            return keyed.vertex(
                    "NewSellers",
                    some("PersonsAndAuctions", events, event -> !event.isBid())
                            .keyBy(LocalItems::person, Types.LONG)
                            .window(
                                    TumblingEventTimeWindows.of(
                                            Duration.ofMillis(settings.windowMillis())))
                            .apply(new NewSellers(settings)));
        }
    };

    /** Gives keyed vertices their parallelism. */
    public interface Keyed {

        /** The vertex under a name, which is unique in the job. */
        <T> SingleOutputStreamOperator<T> vertex(
                String name, SingleOutputStreamOperator<T> operator);
    }

    /** The pipeline of the query. */
    public abstract DataStream<Outcome> of(
            DataStream<Event> events, Settings settings, Keyed keyed);

    /** The query of a name like q7. */
    public static Query named(String name) {
        for (Query query : values()) {
            if (query.name().equals(name.toUpperCase(Locale.ROOT))) {
                return query;
            }
        }
        throw Parameters.refused(
                "The parameter --query must be one of q1 to q8, got '" + name + "'.");
    }

    /** Those events that a query looks at. */
    private static DataStream<Event> some(
            String name, DataStream<Event> events, FilterFunction<Event> wanted) {
        return events.filter(wanted).name(name).setParallelism(events.getParallelism());
    }

    private static KeyedStream<Offer, Long> byAuction(DataStream<Event> events) {
        return some("Bids", events, Event::isBid)
                .map(Offer::of)
                .returns(Offer.class)
                .name("Offers")
                .setParallelism(events.getParallelism())
                .keyBy(Offer::auction, Types.LONG);
    }

    private static DataStream<Outcome> best(Keyed keyed, DataStream<Candidate> candidates) {
        return keyed.vertex(
                "BestOfWindow",
                candidates.keyBy(Candidate::windowEnd, Types.LONG).process(new BestOfWindow()));
    }

    private static DataStream<Outcome> sales(
            DataStream<Event> events, Settings settings, Keyed keyed, SaleFunction averages) {
        return keyed.vertex(
                "Averages",
                keyed.vertex(
                                "Closing",
                                some("AuctionsAndBids", events, event -> !event.isPerson())
                                        .keyBy(Closing::auction, Types.LONG)
                                        .process(new Closing(settings)))
                        .keyBy(averages::key, Types.LONG)
                        .map(averages));
    }
}
