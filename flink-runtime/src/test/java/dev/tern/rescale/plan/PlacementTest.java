package dev.tern.rescale.plan;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Arrays;
import java.util.Random;

class PlacementTest {

    private final PlacementPlanner minimal = new MinimalPlacement();
    private final PlacementPlanner contiguous = new ContiguousPlacement();

    @Test
    void growingCutsOneRunFromEachOldOwner() {
        Ownership after = minimal.place(Ownership.contiguous(8, 2), 4);
        assertThat(after.toTable()).containsExactly(0, 0, 2, 2, 1, 1, 3, 3);
    }

    @Test
    void shrinkingHandsOutOnlyWhatTheRetiredOwned() {
        Ownership before = Ownership.of(3, new int[] {0, 0, 1, 1, 2, 2});
        Ownership after = minimal.place(before, 2);
        assertThat(after.toTable()).containsExactly(0, 0, 1, 1, 0, 1);
    }

    @Test
    void theCeilingsGoToThoseWhoOwnMost() {
        // 7 key groups on 2 subtasks: the one that owns 5 keeps 4.
        Ownership before = Ownership.of(2, new int[] {0, 0, 1, 1, 1, 1, 1});
        assertThat(minimal.place(before, 2).counts()).containsExactly(3, 4);
        assertThat(MigrationPlan.difference(before, minimal.place(before, 2))).hasSize(1);
    }

    @Test
    void aBalancedOwnershipStaysAsItIs() {
        Ownership before = Ownership.of(3, new int[] {2, 0, 1, 0, 2, 1});
        assertThat(minimal.place(before, 3)).isEqualTo(before);
    }

    @Test
    void contiguousIsFlinksOwnAssignment() {
        Ownership scattered = Ownership.of(2, new int[] {1, 0, 1, 0});
        assertThat(contiguous.place(scattered, 3)).isEqualTo(Ownership.contiguous(4, 3));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void anySequenceStaysBalancedWithTheFewestMoves(long seed) {
        Random random = new Random(seed);
        int keyGroups = 1 + random.nextInt(200);
        Ownership current = Ownership.contiguous(keyGroups, 1 + random.nextInt(keyGroups));
        for (int i = 0; i < 50; i++) {
            int parallelism = 1 + random.nextInt(keyGroups);
            Ownership next = FewestMoves.place(current, parallelism);
            assertThat(next.parallelism()).isEqualTo(parallelism);
            int[] counts = next.counts();
            int floor = keyGroups / parallelism;
            assertThat(Arrays.stream(counts).min().orElseThrow()).isEqualTo(floor);
            assertThat(Arrays.stream(counts).max().orElseThrow())
                    .isEqualTo(floor + (keyGroups % parallelism == 0 ? 0 : 1));
            assertThat(MigrationPlan.difference(current, next))
                    .as("seed %d, %s to %d", seed, current, parallelism)
                    .hasSize(fewestMoves(current, parallelism));
            current = next;
        }
    }

    /**
     * A lower bound from another angle: a survivor can keep at most the ceiling, and at most so many
     * subtasks can have the ceiling as the remainder says.
     */
    private static int fewestMoves(Ownership current, int parallelism) {
        int floor = current.keyGroups() / parallelism;
        int ceilings = current.keyGroups() % parallelism;
        int[] counts = Arrays.copyOf(current.counts(), parallelism);
        int kept = 0;
        for (int count : counts) {
            if (count > floor && ceilings > 0) {
                kept += floor + 1;
                ceilings--;
            } else {
                kept += Math.min(count, floor);
            }
        }
        return current.keyGroups() - kept;
    }
}
