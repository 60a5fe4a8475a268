package dev.tern.examples.nexmark;

import dev.tern.examples.keycount.Line;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;

import static org.assertj.core.api.Assertions.assertThat;

/** The rules of the benchmark, counted over a hundred thousand events. */
class EventFactoryTest {

    private static final long EVENTS = 100_000;
    private static final Market MARKET = Market.usual(1, 10_000);
    private static final List<Event> ALL = events(MARKET);

    @Test
    void ofFiftyEventsOneIsAPersonAndThreeAreAuctions() {
        assertThat(ALL.stream().filter(Event::isPerson)).hasSize(2_000);
        assertThat(ALL.stream().filter(Event::isAuction)).hasSize(6_000);
        assertThat(ALL.stream().filter(Event::isBid)).hasSize(92_000);
        assertThat(ALL.get(99_999).timeMillis()).isEqualTo(Market.BASE_MILLIS + 9_999);
    }

    @Test
    void idsHaveNoHoles() {
        assertThat(ALL.stream().filter(Event::isPerson).map(event -> event.person().id()))
                .containsExactlyElementsOf(LongStream.range(1000, 3000).boxed().toList());
        assertThat(ALL.stream().filter(Event::isAuction).map(event -> event.auction().id()))
                .containsExactlyElementsOf(LongStream.range(1000, 7000).boxed().toList());
    }

    @Test
    void bidsGoToTheHotAuctionOrToOneOfTheLatest() {
        long hot = 0;
        long bids = 0;
        Map<Long, Integer> perAuction = new HashMap<>();
        for (Event event : ALL) {
            if (event.isBid()) {
                long last = 999 + Numbering.auctions(event.recordId());
                long auction = event.bid().auction();
                bids++;
                hot += auction == 1000 + (last - 1000) / 100 * 100 ? 1 : 0;
                assertThat(auction).isBetween(Math.max(1000, last - 199), last + 10);
                perAuction.merge(auction, 1, Integer::sum);
            }
        }
        assertThat((double) hot / bids).isBetween(0.49, 0.52);
        assertThat(perAuction.values().stream().mapToInt(n -> n).max().orElse(0))
                .isBetween(740, 880);
    }

    @Test
    void auctionsCloseWhenAHundredMoreHaveOpenedOnAverage() {
        double meanMillis =
                ALL.stream()
                        .filter(Event::isAuction)
                        .mapToLong(event -> event.auction().expiresMillis() - event.timeMillis())
                        .average()
                        .orElse(0);
        // A hundred auctions open in 1,666 events, 166 ms at this rate.
        assertThat(meanMillis).isBetween(155.0, 180.0);
    }

    @Test
    void contentFollowsFromSeedAndNumberAlone() {
        assertThat(events(MARKET)).isEqualTo(ALL);
        assertThat(new EventFactory(MARKET).at(77_777, 5, 3))
                .extracting(Event::bid)
                .isEqualTo(ALL.get(77_777).bid());
        assertThat(events(Market.usual(2, 10_000)).get(77_777).bid())
                .isNotEqualTo(ALL.get(77_777).bid());
    }

    @Test
    void eventsAreShuffledWithinTheirGroup() {
        EventFactory shuffled =
                new EventFactory(new Market(1, 100, 2, 4, 4, 100, 1000, 10, 200, 500, 100));
        Set<Long> numbers = new HashSet<>();
        long latest = 0;
        boolean inOrder = true;
        for (long position = 0; position < 1000; position++) {
            long number = shuffled.number(position);
            assertThat(number / 10).isEqualTo(position / 10);
            numbers.add(number);
            inOrder &= number >= latest;
            latest = Math.max(latest, number);
        }
        assertThat(numbers).hasSize(1000);
        assertThat(inOrder).isFalse();
    }

    @Test
    void linesAreReadAsTheyAreWritten() {
        for (Event event : ALL.subList(0, 100)) {
            assertThat(EventText.parse(new Line(event.recordId(), 0, 0, EventText.text(event))))
                    .isEqualTo(event);
        }
    }

    private static List<Event> events(Market market) {
        EventFactory factory = new EventFactory(market);
        List<Event> events = new ArrayList<>();
        for (long position = 0; position < EVENTS; position++) {
            events.add(factory.at(position, 0, 0));
        }
        return events;
    }
}
