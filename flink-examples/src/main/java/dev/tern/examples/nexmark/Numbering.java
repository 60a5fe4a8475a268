package dev.tern.examples.nexmark;

/**
 * Which of the events are persons, auctions and bids, and what their ids are: of 50 events the
 * first is a person, three are auctions and 46 are bids. Ids count from 1000, by event number.
 */
final class Numbering {

    static final int EPOCH = 50;
    static final int AUCTIONS = 3;
    static final long FIRST_ID = 1000;

    private Numbering() {}

    static boolean isPerson(long number) {
        return number % EPOCH == 0;
    }

    static boolean isAuction(long number) {
        long offset = number % EPOCH;
        return offset >= 1 && offset <= AUCTIONS;
    }

    /** How many persons there are up to an event, that one included. */
    static long persons(long number) {
        return number / EPOCH + 1;
    }

    /** How many auctions there are up to an event, that one included. */
    static long auctions(long number) {
        return number / EPOCH * AUCTIONS + Math.min(number % EPOCH, AUCTIONS);
    }
}
