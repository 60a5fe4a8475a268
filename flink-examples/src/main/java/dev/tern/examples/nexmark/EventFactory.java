package dev.tern.examples.nexmark;

import dev.tern.examples.measure.KeySequence;

import java.io.Serializable;
import java.util.SplittableRandom;

/** Makes each event from its number, by the rules of the benchmark. Immutable. */
public final class EventFactory implements Serializable {

    private static final long serialVersionUID = 1L;

    private static final int LEAD = 10;
    private static final int HOT_STRIDE = 100;
    private static final int CATEGORIES = 5;
    private static final long FIRST_CATEGORY = 10;
    /** Shuffles within groups: coprime to all group sizes but its multiples. */
    public static final int SHUFFLE = 953;

    private static final String[] STATES = {"AZ", "CA", "ID", "OR", "WA", "WY"};
    private static final String[] CITIES = {
        "Phoenix", "Los Angeles", "San Francisco", "Boise", "Portland", "Bend", "Redmond",
        "Seattle", "Kent", "Cheyenne"
    };
    private static final String[] FIRST_NAMES = {
        "Ada", "Barbara", "Donald", "Edsger", "Frances", "Grace", "John", "Leslie", "Niklaus",
        "Tony"
    };
    private static final String[] LAST_NAMES = {
        "Allen", "Backus", "Dijkstra", "Hoare", "Hopper", "Knuth", "Lamport", "Liskov", "Lovelace",
        "Wirth"
    };

    private final Market market;

    public EventFactory(Market market) {
        this.market = market;
    }

    /** The event that leaves the source at a position. */
    public Event at(long position, long scheduledMicros, int channel) {
        long number = number(position);
        SplittableRandom random =
                new SplittableRandom(KeySequence.mix(number ^ KeySequence.mix(market.seed())));
        Person person = Numbering.isPerson(number) ? person(number, random) : null;
        Auction auction = Numbering.isAuction(number) ? auction(number, random) : null;
        Bid bid = person == null && auction == null ? bid(number, random) : null;
        return new Event(
                position,
                market.timeMillis(number),
                scheduledMicros,
                channel,
                person,
                auction,
                bid);
    }

    /** The number of the event at a position: shuffled within its group. */
    long number(long position) {
        long group = market.outOfOrderGroup();
        return position / group * group + position % group * SHUFFLE % group;
    }

    private Person person(long number, SplittableRandom random) {
        String first = any(FIRST_NAMES, random);
        String last = any(LAST_NAMES, random);
        String city = any(CITIES, random);
        return new Person(
                Numbering.FIRST_ID + Numbering.persons(number) - 1,
                first + " " + last,
                first + "." + last + "@example.org",
                String.format("%016d", random.nextLong(10_000_000_000_000_000L)),
                city,
                any(STATES, random),
                filling(market.personBytes() - 90, random));
    }

    private Auction auction(long number, SplittableRandom random) {
        long initial = price(random);
        return new Auction(
                Numbering.FIRST_ID + Numbering.auctions(number) - 1,
                filling(20, random),
                filling(100, random),
                initial,
                initial + price(random),
                market.timeMillis(number) + 1 + random.nextLong(2 * auctionMillis(number)),
                random.nextInt(market.hotSellerRatio()) > 0
                        ? hot(Numbering.persons(number) - 1)
                        : anyPerson(number, random),
                FIRST_CATEGORY + random.nextInt(CATEGORIES),
                filling(market.auctionBytes() - 190, random));
    }

    private Bid bid(long number, SplittableRandom random) {
        long auction =
                random.nextInt(market.hotAuctionRatio()) > 0
                        ? hot(Numbering.auctions(number) - 1)
                        : anyAuction(number, random);
        // One off the hot seller: people do not bid on what they sell.
        long bidder =
                random.nextInt(market.hotBidderRatio()) > 0
                        ? hot(Numbering.persons(number) - 1) + 1
                        : anyPerson(number, random);
        return new Bid(auction, bidder, price(random), filling(market.bidBytes() - 32, random));
    }

    /** The event time in which as many auctions as get bids are opened. */
    private long auctionMillis(long number) {
        long events = (long) market.openAuctions() * Numbering.EPOCH / Numbering.AUCTIONS;
        return Math.max(1, market.timeMillis(number + events) - market.timeMillis(number));
    }

    /** The hot id: the last one, rounded down so that it stays for a while. */
    private static long hot(long last) {
        return Numbering.FIRST_ID + last / HOT_STRIDE * HOT_STRIDE;
    }

    private long anyPerson(long number, SplittableRandom random) {
        long persons = Numbering.persons(number);
        long active = Math.min(persons, market.activePeople());
        return Numbering.FIRST_ID + persons - active + random.nextLong(active + LEAD);
    }

    private long anyAuction(long number, SplittableRandom random) {
        long last = Numbering.auctions(number) - 1;
        long oldest = Math.max(0, last - market.openAuctions());
        return Numbering.FIRST_ID + oldest + random.nextLong(last - oldest + 1 + LEAD);
    }

    private static long price(SplittableRandom random) {
        return Math.round(Math.pow(10, random.nextDouble() * 6) * 100);
    }

    private static String any(String[] texts, SplittableRandom random) {
        return texts[random.nextInt(texts.length)];
    }

    private static String filling(int length, SplittableRandom random) {
        char[] letters = new char[Math.max(0, length)];
        long bits = 0;
        for (int i = 0; i < letters.length; i++) {
            bits = i % 12 == 0 ? random.nextLong() : bits >>> 5;
            letters[i] = (char) ('a' + (bits & 31) % 26);
        }
        return new String(letters);
    }
}
