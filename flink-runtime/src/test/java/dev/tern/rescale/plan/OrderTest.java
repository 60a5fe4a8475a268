package dev.tern.rescale.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

class OrderTest {

    private final List<Move> moves =
            List.of(new Move(3, 0, 1), new Move(1, 0, 1), new Move(2, 0, 1));
    private final MigrationView measured =
            new MigrationView(
                    moves,
                    Map.of(1, 20L, 2, 30L),
                    Optional.of(Map.of(1, 5.0, 3, 7.0)),
                    Map.of());

    @Test
    void sizesAndRatesDecideWithTheIndexForTies() {
        assertThat(keyGroups(Order.INDEX, measured)).containsExactly(1, 2, 3);
        assertThat(keyGroups(Order.SIZE_ASCENDING, measured)).containsExactly(3, 1, 2);
        assertThat(keyGroups(Order.SIZE_DESCENDING, measured)).containsExactly(2, 1, 3);
        assertThat(keyGroups(Order.HOT_FIRST, measured)).containsExactly(3, 1, 2);
        assertThat(keyGroups(Order.COLD_FIRST, measured)).containsExactly(2, 1, 3);
        assertThat(keyGroups(Order.SIZE_DESCENDING, MigrationView.of(moves, Map.of())))
                .containsExactly(1, 2, 3);
    }

    @Test
    void theSeedDecidesARandomOrder() {
        MigrationView many =
                MigrationView.of(
                        IntStream.range(0, 100).mapToObj(k -> new Move(k, 0, 1)).toList(),
                        Map.of());
        assertThat(Order.RANDOM.of(many, 1))
                .isEqualTo(Order.RANDOM.of(many, 1))
                .isNotEqualTo(Order.RANDOM.of(many, 2))
                .containsExactlyInAnyOrderElementsOf(many.moves());
    }

    @Test
    void ratesThatWereNotMeasuredAreNotMadeUp() {
        MigrationView unmeasured = MigrationView.of(moves, Map.of());
        for (Order order : Order.values()) {
            if (order.needsRates()) {
                assertThatThrownBy(() -> order.of(unmeasured, 1))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("were not measured");
            } else {
                assertThat(order.of(unmeasured, 1)).hasSize(3);
            }
        }
        assertThat(Order.HOT_FIRST.needsRates()).isTrue();
        assertThat(Order.COLD_FIRST.needsRates()).isTrue();
    }

    private static List<Integer> keyGroups(Order order, MigrationView view) {
        return order.of(view, 1).stream().map(Move::keyGroup).toList();
    }
}
