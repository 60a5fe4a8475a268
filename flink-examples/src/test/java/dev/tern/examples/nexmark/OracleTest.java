package dev.tern.examples.nexmark;

import dev.tern.examples.verify.ResultLine;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/** A market small enough to work out the results by hand. Windows are of 100 ms, 50 ms apart. */
class OracleTest {

    private final List<Event> events = new ArrayList<>();
    private final Oracle oracle = new Oracle(events, new Settings(100, 50, 2, 1000));

    @Test
    void localItemsAreOfThreeStatesAndOneCategory() {
        person(10, 1, "OR");
        person(20, 2, "WA");
        auction(5, 100, 1, 10, 0, 1000);
        auction(30, 101, 1, 11, 0, 1000);
        auction(40, 102, 2, 10, 0, 1000);
        auction(50, 103, 1, 10, 0, 1000);
        assertThat(oracle.localItems())
                .containsExactly(
                        new ResultLine("1", 0, 2, "n1,c,OR,100"),
                        new ResultLine("1", 0, 5, "n1,c,OR,103"));
    }

    @Test
    void theHighestThenTheEarliestBidInTimeWinsIfItMeetsTheReserve() {
        auction(100, 7, 1, 10, 50, 200);
        bid(99, 7, 90);
        bid(100, 7, 60);
        bid(150, 7, 70);
        bid(160, 7, 70);
        bid(200, 7, 99);
        auction(100, 8, 1, 10, 50, 200);
        bid(150, 8, 49);
        assertThat(oracle.winners().values()).extracting(Event::recordId).containsExactly(3L);
        ResultLine first = new ResultLine("10", 1, 3, "7,70,70");
        assertThat(oracle.verify(Query.Q4, List.of(first)).agrees()).isTrue();
        assertThat(oracle.verify(Query.Q4, List.of()).agrees()).isFalse();
    }

    @Test
    void allOfTheMostBidOnAuctionsAreHot() {
        bid(10, 1, 1);
        bid(60, 1, 1);
        bid(70, 2, 1);
        // Windows end at 50 and 100 (first bid), at 100 and 150 (the others).
        assertThat(oracle.hotItems())
                .extracting(line -> line.key() + " " + line.value())
                .containsExactlyInAnyOrder("50 1,1", "100 1,2", "150 1,1", "150 2,1");
    }

    @Test
    void allOfTheHighestBidsOfAWindowCount() {
        bid(0, 1, 5);
        bid(99, 2, 5);
        bid(50, 3, 4);
        bid(100, 3, 3);
        assertThat(oracle.highestBids())
                .extracting(line -> line.key() + " " + line.value())
                .containsExactlyInAnyOrder("100 1,9,5", "100 2,9,5", "200 3,9,3");
    }

    @Test
    void newSellersOpenAnAuctionInTheWindowInWhichTheyRegister() {
        auction(0, 50, 1, 10, 3, 1000);
        person(99, 1, "OR");
        auction(100, 51, 1, 10, 3, 1000);
        assertThat(oracle.newSellers()).containsExactly(new ResultLine("1", 0, 0, "100,n1,50,3"));
    }

    private void person(long time, long id, String state) {
        add(time, new Person(id, "n" + id, "", "", "c", state, ""), null, null);
    }

    private void auction(
            long time, long id, long seller, long category, long reserve, long expires) {
        add(time, null, new Auction(id, "", "", 0, reserve, expires, seller, category, ""), null);
    }

    private void bid(long time, long auction, long price) {
        add(time, null, null, new Bid(auction, 9, price, ""));
    }

    private void add(long time, Person person, Auction auction, Bid bid) {
        events.add(new Event(events.size(), time, 0, 0, person, auction, bid));
    }
}
