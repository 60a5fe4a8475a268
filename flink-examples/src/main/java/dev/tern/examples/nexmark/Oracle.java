package dev.tern.examples.nexmark;

import dev.tern.examples.verify.HistoryCheck;
import dev.tern.examples.verify.ResultLine;
import dev.tern.examples.verify.SetCheck;
import dev.tern.examples.verify.Verification;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the queries must give for a finished list of events, computed from all of them at once.
 *
 * <p>Shares nothing with the pipelines but the records of events and the text of values.
 */
public final class Oracle {

    private static final int LATEST = 10;

    private final List<Event> events;
    private final Settings settings;

    public Oracle(List<Event> events, Settings settings) {
        this.events = events;
        this.settings = settings;
    }

    /** Compares the results of a query with what they must be. */
    public Verification verify(Query query, List<ResultLine> results) {
        return switch (query) {
            case Q1 -> SetCheck.of(results, currency());
            case Q2 -> SetCheck.of(results, selection());
            case Q3 -> SetCheck.of(results, localItems());
            case Q4 -> averages(results, false);
            case Q5 -> SetCheck.of(results, hotItems());
            case Q6 -> averages(results, true);
            case Q7 -> SetCheck.of(results, highestBids());
            case Q8 -> SetCheck.of(results, newSellers());
        };
    }

    private Collection<ResultLine> currency() {
        List<ResultLine> expected = new ArrayList<>();
        for (Event event : events) {
            if (event.isBid()) {
                Bid bid = event.bid();
                String value = bid.bidder() + "," + bid.price() * 89 / 100;
                expected.add(line(bid.auction(), event.recordId(), value));
            }
        }
        return expected;
    }

    private Collection<ResultLine> selection() {
        List<ResultLine> expected = new ArrayList<>();
        for (Event event : events) {
            if (event.isBid() && event.bid().auction() % settings.auctionSkip() == 0) {
                String value = Long.toString(event.bid().price());
                expected.add(line(event.bid().auction(), event.recordId(), value));
            }
        }
        return expected;
    }

    /** The pairs of q3. */
    Collection<ResultLine> localItems() {
        Map<Long, Person> persons = persons();
        List<ResultLine> expected = new ArrayList<>();
        for (Event event : events) {
            if (event.isAuction() && event.auction().category() == 10) {
                Person seller = persons.get(event.auction().seller());
                if (seller != null && List.of("OR", "ID", "CA").contains(seller.state())) {
                    String value = LocalItems.item(seller, event.auction().id());
                    expected.add(line(seller.id(), event.recordId(), value));
                }
            }
        }
        return expected;
    }

    /** The most bid on auctions of each window of q5. */
    Collection<ResultLine> hotItems() {
        Map<Long, Map<Long, Long>> windows = new TreeMap<>();
        for (Event event : events) {
            if (event.isBid()) {
                for (long end : windowsOf(event.timeMillis(), settings.stepMillis())) {
                    windows.computeIfAbsent(end, ignored -> new HashMap<>())
                            .merge(event.bid().auction(), 1L, Long::sum);
                }
            }
        }
        List<ResultLine> expected = new ArrayList<>();
        windows.forEach(
                (end, counts) -> {
                    long most = counts.values().stream().mapToLong(n -> n).max().orElse(0);
                    counts.forEach(
                            (auction, bids) -> {
                                if (bids == most) {
                                    expected.add(
                                            line(
                                                    end,
                                                    Candidate.identity(end, auction),
                                                    auction + "," + bids));
                                }
                            });
                });
        return expected;
    }

    /** The highest bids of each window of q7. */
    Collection<ResultLine> highestBids() {
        Map<Long, Long> highest = new HashMap<>();
        for (Event event : events) {
            if (event.isBid()) {
                highest.merge(tumbling(event), event.bid().price(), Math::max);
            }
        }
        List<ResultLine> expected = new ArrayList<>();
        for (Event event : events) {
            if (event.isBid() && event.bid().price() == highest.get(tumbling(event))) {
                long end = tumbling(event);
                Bid bid = event.bid();
                expected.add(
                        line(
                                end,
                                Candidate.identity(end, event.recordId()),
                                bid.auction() + "," + bid.bidder() + "," + bid.price()));
            }
        }
        return expected;
    }

    /** The pairs of q8. */
    Collection<ResultLine> newSellers() {
        Map<Long, Event> registrations = new HashMap<>();
        for (Event event : events) {
            if (event.isPerson()) {
                registrations.put(event.person().id(), event);
            }
        }
        List<ResultLine> expected = new ArrayList<>();
        for (Event event : events) {
            Event person = event.isAuction() ? registrations.get(event.auction().seller()) : null;
            if (person != null && tumbling(person) == tumbling(event)) {
                expected.add(
                        line(
                                person.person().id(),
                                event.recordId(),
                                NewSellers.value(
                                        tumbling(event), person.person(), event.auction())));
            }
        }
        return expected;
    }

    private Map<Long, Person> persons() {
        Map<Long, Person> persons = new HashMap<>();
        for (Event event : events) {
            if (event.isPerson()) {
                persons.put(event.person().id(), event.person());
            }
        }
        return persons;
    }

    /** The winning bid of each auction that has one. */
    Map<Auction, Event> winners() {
        Map<Long, Event> auctions = new HashMap<>();
        for (Event event : events) {
            if (event.isAuction()) {
                auctions.put(event.auction().id(), event);
            }
        }
        Map<Auction, Event> winners = new HashMap<>();
        for (Event event : events) {
            Event auction = event.isBid() ? auctions.get(event.bid().auction()) : null;
            if (auction != null
                    && event.timeMillis() >= auction.timeMillis()
                    && event.timeMillis() < auction.auction().expiresMillis()
                    && event.bid().price() >= auction.auction().reserve()) {
                winners.merge(auction.auction(), event, Oracle::better);
            }
        }
        return winners;
    }

    private static Event better(Event a, Event b) {
        if (a.bid().price() != b.bid().price()) {
            return a.bid().price() > b.bid().price() ? a : b;
        }
        if (a.timeMillis() != b.timeMillis()) {
            return a.timeMillis() < b.timeMillis() ? a : b;
        }
        return a.recordId() < b.recordId() ? a : b;
    }

    private Verification averages(List<ResultLine> results, boolean bySeller) {
        Map<Long, Auction> auctions = new HashMap<>();
        Map<Long, Long> prices = new HashMap<>();
        Map<String, List<Long>> sales = new HashMap<>();
        winners()
                .forEach(
                        (auction, bid) -> {
                            auctions.put(bid.recordId(), auction);
                            prices.put(bid.recordId(), bid.bid().price());
                            long key = bySeller ? auction.seller() : auction.category();
                            sales.computeIfAbsent(Long.toString(key), k -> new ArrayList<>())
                                    .add(bid.recordId());
                        });
        // Sales of different auctions have no order among each other.
        return HistoryCheck.of(
                results, sales, () -> new Average(auctions, prices, bySeller), record -> record);
    }

    /** The average of a key, sale after sale. */
    private static final class Average implements HistoryCheck.Replay {

        private final Map<Long, Auction> auctions;
        private final Map<Long, Long> prices;
        private final boolean latest;
        private final List<Long> sold = new ArrayList<>();

        private Average(Map<Long, Auction> auctions, Map<Long, Long> prices, boolean latest) {
            this.auctions = auctions;
            this.prices = prices;
            this.latest = latest;
        }

        @Override
        public String next(long recordId) {
            long price = prices.get(recordId);
            sold.add(price);
            List<Long> counted =
                    latest ? sold.subList(Math.max(0, sold.size() - LATEST), sold.size()) : sold;
            long sum = counted.stream().mapToLong(Long::longValue).sum();
            return auctions.get(recordId).id() + "," + price + "," + sum / counted.size();
        }
    }

    private long tumbling(Event event) {
        return windowsOf(event.timeMillis(), settings.windowMillis()).get(0);
    }

    /** The ends of the windows that a time is in, for windows so far apart. */
    private List<Long> windowsOf(long timeMillis, long stepMillis) {
        List<Long> ends = new ArrayList<>();
        long lastStart = Math.floorDiv(timeMillis, stepMillis) * stepMillis;
        for (long start = lastStart;
                start + settings.windowMillis() > timeMillis;
                start -= stepMillis) {
            ends.add(start + settings.windowMillis());
        }
        return ends;
    }

    private static ResultLine line(long key, long recordId, String value) {
        return new ResultLine(Long.toString(key), 0, recordId, value);
    }
}
