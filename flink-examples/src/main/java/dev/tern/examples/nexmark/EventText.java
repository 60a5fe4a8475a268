package dev.tern.examples.nexmark;

import dev.tern.examples.keycount.Line;

/**
 * Events as lines of fields between tabs; the first is P, A or B, the second the event time in ms.
 *
 * <pre>
 * P time id name email creditCard city state extra
 * A time id itemName description initialBid reserve expiresMillis seller category extra
 * B time auction bidder price extra
 * </pre>
 */
public final class EventText {

    private EventText() {}

    /** The line of an event. */
    public static String text(Event event) {
        if (event.isPerson()) {
            Person p = event.person();
            return join(
                    "P", event.timeMillis(), p.id(), p.name(), p.email(), p.creditCard(),
                    p.city(), p.state(), p.extra());
        }
        if (event.isAuction()) {
            Auction a = event.auction();
            return join(
                    "A", event.timeMillis(), a.id(), a.itemName(), a.description(),
                    a.initialBid(), a.reserve(), a.expiresMillis(), a.seller(), a.category(),
                    a.extra());
        }
        Bid b = event.bid();
        return join("B", event.timeMillis(), b.auction(), b.bidder(), b.price(), b.extra());
    }

    private static String join(Object... fields) {
        StringBuilder line = new StringBuilder();
        for (Object field : fields) {
            line.append(line.length() == 0 ? "" : "\t").append(field);
        }
        return line.toString();
    }

    /** The event in a line. */
    public static Event parse(Line line) {
        String[] f = line.text().split("\t", -1);
        String kind = f[0] + f.length;
        return switch (kind) {
            case "P9" ->
                    event(
                            line,
                            f,
                            new Person(
                                    Long.parseLong(f[2]), f[3], f[4], f[5], f[6], f[7], f[8]),
                            null,
                            null);
            case "A11" ->
                    event(
                            line,
                            f,
                            null,
                            new Auction(
                                    Long.parseLong(f[2]),
                                    f[3],
                                    f[4],
                                    Long.parseLong(f[5]),
                                    Long.parseLong(f[6]),
                                    Long.parseLong(f[7]),
                                    Long.parseLong(f[8]),
                                    Long.parseLong(f[9]),
                                    f[10]),
                            null);
            case "B6" ->
                    event(
                            line,
                            f,
                            null,
                            null,
                            new Bid(
                                    Long.parseLong(f[2]),
                                    Long.parseLong(f[3]),
                                    Long.parseLong(f[4]),
                                    f[5]));
            default ->
                    throw new IllegalArgumentException(
                            "An event must be P with 9 fields, A with 11 or B with 6, got '"
                                    + line.text()
                                    + "'.");
        };
    }

    private static Event event(Line line, String[] f, Person person, Auction auction, Bid bid) {
        return new Event(
                line.firstRecord(),
                Long.parseLong(f[1]),
                line.scheduledMicros(),
                line.channel(),
                person,
                auction,
                bid);
    }
}
