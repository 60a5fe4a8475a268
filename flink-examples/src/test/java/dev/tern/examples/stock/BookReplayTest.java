package dev.tern.examples.stock;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.stream.LongStream;

import static org.assertj.core.api.Assertions.assertThat;

class BookReplayTest {

    @Test
    void theBestPriceIsTakenFirstAndTheRestWaits() {
        List<Order> orders =
                List.of(
                        order(0, false, 102, 10),
                        order(1, false, 101, 5),
                        // Takes 5 at 101 and 3 at 102.
                        order(2, true, 103, 8),
                        order(3, true, 101, 4),
                        // Gets the 4 that wait at 101; its last one waits at 100.
                        order(4, false, 100, 5),
                        order(5, true, 99, 1),
                        order(6, true, 102, 9));
        BookReplay book = new BookReplay(record -> orders.get((int) record));
        assertThat(LongStream.range(0, orders.size()).mapToObj(book::next))
                .containsExactly("0,0", "0,0", "8,811", "0,0", "4,404", "0,0", "8,814");
    }

    private static Order order(long record, boolean buy, long price, long volume) {
        return new Order(record, 0, 0, "x", buy, price, volume);
    }
}
