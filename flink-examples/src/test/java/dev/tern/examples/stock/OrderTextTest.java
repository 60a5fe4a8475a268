package dev.tern.examples.stock;

import dev.tern.examples.keycount.Line;
import dev.tern.examples.measure.KeySequence;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class OrderTextTest {

    @Test
    void linesAreReadAsTheyAreWritten() {
        Day day = new Day(new KeySequence(1, 100, 0, 1), 20);
        for (long record = 0; record < 100; record++) {
            Order order = day.at(record, 5, 1);
            assertThat(OrderText.parse(new Line(record, 5, 1, OrderText.text(order))))
                    .isEqualTo(order);
        }
    }

    @Test
    void otherLinesAreRefused() {
        for (String line : new String[] {"", "a|B|1", "a|X|1|1", "a|B|0|1", "a|B|one|1"}) {
            assertThatThrownBy(() -> OrderText.parse(new Line(0, 0, 0, line)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
