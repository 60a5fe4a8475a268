package dev.tern.rescale.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.flink.runtime.state.KeyGroupRange;

import org.junit.jupiter.api.Test;

import java.util.BitSet;
import java.util.List;

class MigrationPlanTest {

    private final Ownership before = Ownership.of(2, new int[] {0, 0, 1, 1});
    private final Ownership after = Ownership.of(3, new int[] {0, 2, 1, 2});

    @Test
    void theDifferenceNamesEveryKeyGroupThatChangesItsOwner() {
        assertThat(MigrationPlan.difference(before, after))
                .containsExactly(new Move(1, 0, 2), new Move(3, 1, 2));
    }

    @Test
    void everyStepCarriesTheOwnershipItLeadsTo() {
        MigrationPlan plan =
                MigrationPlan.of(
                        before, after, List.of(List.of(new Move(3, 1, 2)), List.of(new Move(1, 0, 2))));
        assertThat(plan.steps().get(0).ownership().toTable()).containsExactly(0, 0, 1, 2);
        assertThat(plan.steps().get(1).ownership().toTable()).isEqualTo(after.toTable());
        assertThat(plan.moves()).hasSize(2);
    }

    @Test
    void stepsThatDoNotLeadToTheGoalAreRefused() {
        assertThatThrownBy(
                        () -> MigrationPlan.of(before, after, List.of(List.of(new Move(3, 1, 2)))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("do not lead to the planned ownership");
    }

    @Test
    void aMoveFromSomebodyWhoDoesNotOwnIsRefused() {
        assertThatThrownBy(() -> before.withMoves(List.of(new Move(0, 1, 0)), 2))
                .hasMessageContaining("the owner is subtask 0");
    }

    @Test
    void aStepThatMovesNothingIsRefused() {
        assertThatThrownBy(
                        () ->
                                MigrationPlan.of(
                                        before,
                                        after,
                                        List.of(
                                                MigrationPlan.difference(before, after),
                                                List.of())))
                .hasMessageContaining("moves nothing");
    }

    @Test
    void aStepOfARetiringSubtaskIsSeenAtTheLargerParallelism() {
        MigrationPlan plan =
                MigrationPlan.of(after, before, List.of(MigrationPlan.difference(after, before)));
        assertThat(plan.steps().get(0).ownership().parallelism()).isEqualTo(3);
        assertThat(plan.after().parallelism()).isEqualTo(2);
    }

    @Test
    void theHullCoversAllAndNoMoreThanNeeded() {
        BitSet owned = new BitSet();
        assertThat(Ownership.hullOf(owned)).isEqualTo(KeyGroupRange.EMPTY_KEY_GROUP_RANGE);
        owned.set(3);
        owned.set(7);
        assertThat(Ownership.hullOf(owned)).isEqualTo(KeyGroupRange.of(3, 7));
    }

    @Test
    void anOwnerBeyondTheParallelismIsRefused() {
        assertThatThrownBy(() -> Ownership.of(2, new int[] {0, 2}))
                .hasMessageContaining("Key group 1 is given to subtask 2");
    }

    @Test
    void contiguityIsThatOfFlinksRanges() {
        assertThat(Ownership.contiguous(128, 5).isContiguous()).isTrue();
        assertThat(Ownership.of(2, new int[] {0, 1, 0, 1}).isContiguous()).isFalse();
        // Two runs, but not where Flink cuts them.
        assertThat(Ownership.of(2, new int[] {0, 1, 1, 1}).isContiguous()).isFalse();
    }
}
