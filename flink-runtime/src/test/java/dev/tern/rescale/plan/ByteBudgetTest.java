package dev.tern.rescale.plan;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

class ByteBudgetTest {

    private final List<Move> moves =
            List.of(
                    new Move(0, 0, 2),
                    new Move(1, 0, 2),
                    new Move(2, 0, 2),
                    new Move(3, 1, 3),
                    new Move(4, 1, 3));
    private final Map<Integer, Long> sizes = Map.of(0, 10L, 1, 10L, 2, 10L, 3, 10L, 4, 10L);

    @Test
    void aSmallStateMovesInOneStep() {
        assertThat(new ByteBudget(1000, 64).schedule(moves, sizes)).hasSize(1);
        assertThat(new ByteBudget(1000, 64).schedule(moves, Map.of())).hasSize(1);
    }

    @Test
    void pairsTakeTurnsInStepsOfTheBudget() {
        List<List<Move>> steps = new ByteBudget(20, 64).schedule(moves, sizes);
        assertThat(steps)
                .containsExactly(
                        List.of(new Move(0, 0, 2), new Move(3, 1, 3)),
                        List.of(new Move(1, 0, 2), new Move(4, 1, 3)),
                        List.of(new Move(2, 0, 2)));
    }

    @Test
    void theNumberOfStepsIsBounded() {
        assertThat(new ByteBudget(1, 2).schedule(moves, sizes)).hasSize(2);
    }

    @Test
    void everyMoveIsScheduledOnce() {
        List<Move> scheduled = new ArrayList<>();
        new ByteBudget(15, 64).schedule(moves, sizes).forEach(scheduled::addAll);
        assertThat(scheduled).containsExactlyInAnyOrderElementsOf(moves);
    }

    @Test
    void nothingToMoveIsNoStep() {
        assertThat(new ByteBudget(10).schedule(List.of(), sizes)).isEmpty();
    }
}
