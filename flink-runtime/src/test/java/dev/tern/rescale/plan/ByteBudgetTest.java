package dev.tern.rescale.plan;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.flink.configuration.Configuration;

import org.junit.jupiter.api.Test;

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
        assertThat(steps(sizes, 1000, 64)).hasSize(1);
        assertThat(steps(Map.of(), 1000, 64)).hasSize(1);
    }

    @Test
    void pairsTakeTurnsInStepsOfTheBudget() {
        assertThat(steps(sizes, 20, 64))
                .containsExactly(
                        List.of(new Move(0, 0, 2), new Move(3, 1, 3)),
                        List.of(new Move(1, 0, 2), new Move(4, 1, 3)),
                        List.of(new Move(2, 0, 2)));
    }

    @Test
    void theNumberOfStepsIsBounded() {
        assertThat(steps(sizes, 1, 2)).hasSize(2);
    }

    @Test
    void everyMoveIsScheduledOnce() {
        assertThat(steps(sizes, 15, 64).stream().flatMap(List::stream))
                .containsExactlyInAnyOrderElementsOf(moves);
    }

    @Test
    void nothingToMoveIsNoStep() {
        assertThat(
                        new ByteBudget()
                                .schedule(
                                        MigrationView.of(List.of(), sizes), new Configuration()))
                .isEmpty();
    }

    private List<List<Move>> steps(Map<Integer, Long> bytes, long stepBytes, int maxSteps) {
        Configuration options =
                Configuration.fromMap(
                        Map.of("step-size", stepBytes + " b", "max-steps", "" + maxSteps));
        return new ByteBudget().schedule(MigrationView.of(moves, bytes), options);
    }
}
