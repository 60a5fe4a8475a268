package dev.tern.rescale.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Arrays;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * However often a vertex is rescaled, it stays balanced, its checkpoints stay small, and it moves
 * little more than it must.
 */
class MinimalPlacementTest {

    private static final int KEY_GROUPS = 32_768;

    private final PlacementPlanner minimal = new MinimalPlacement();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void withAHundredAndTwentyEightKeyGroupsNothingMovesThatNeedNot(long seed) {
        Random random = new Random(seed);
        Moved moved = moved(128, 2, 60, ignored -> 1 + random.nextInt(128));
        assertThat(moved.minimal()).isEqualTo(moved.fewest());
    }

    @ParameterizedTest
    @CsvSource({"500, 1000", "250, 1000", "1024, 512", "1, 1000", "2, 64"})
    void norWhereRangesAreDividedOrPutTogether(int from, int to) {
        Moved moved = moved(KEY_GROUPS, from, 1, ignored -> to);
        assertThat(moved.minimal() - moved.fewest()).isBetween(0L, (long) Math.max(from, to));
    }

    /** What contiguous ranges would move is half of everything. */
    @ParameterizedTest
    @CsvSource({
        "1000, 1200", "1200, 1000", "1000, 1001", "1000, 999", "1000, 1500", "1500, 1000",
        "1000, 500", "100, 101", "3, 128", "1000, 1100"
    })
    void elsewhereAtMostAnEighthMovesOnTop(int from, int to) {
        Moved moved = moved(KEY_GROUPS, from, 1, ignored -> to);
        assertThat(moved.minimal()).isLessThanOrEqualTo(moved.fewest() + KEY_GROUPS / 8 + to);
    }

    @Test
    void aThousandToTwelveHundredMovesAFifthMoreThanTheFewest() {
        Moved moved = moved(KEY_GROUPS, 1_000, 1, ignored -> 1_200);
        assertThat((double) moved.minimal() / moved.fewest()).isBetween(1.0, 1.25);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void sequencesOfRescalesNeverComeToMoveMore(long seed) {
        Random random = new Random(seed);
        int rescales = 15;
        Moved moved =
                moved(KEY_GROUPS, 1_000, rescales, ignored -> 500 + random.nextInt(1_000));
        assertThat(moved.minimal())
                .isLessThan(moved.fewest() + rescales * (KEY_GROUPS / 8L + 1_500));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, -1})
    void norDoStepsOfOneSubtask(int change) {
        Moved moved = moved(KEY_GROUPS, 1_000, 20, parallelism -> parallelism + change);
        assertThat(moved.minimal()).isLessThan(moved.contiguous() / 2);
    }

    /** With few subtasks, who may have many ranges each, that is a small part. */
    @ParameterizedTest
    @CsvSource({"8, 9", "9, 8", "4, 5", "16, 17", "12, 10", "3, 7"})
    void fewSubtasksMoveHardlyMoreThanTheFewest(int from, int to) {
        Moved moved = moved(KEY_GROUPS, from, 1, ignored -> to);
        assertThat(moved.minimal()).isLessThan(moved.fewest() + KEY_GROUPS / 20);
    }

    /** Of any size, from any ownership: balanced, and near what whole ranges can keep at best. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void wholeRangesKeepAlmostAllThatTheyCan(long seed) {
        Random random = new Random(seed);
        int kept = 0;
        int best = 0;
        for (int round = 0; round < 60; round++) {
            int parallelism = 1 + random.nextInt(60);
            int each = 1 + random.nextInt(4);
            int keyGroups = each * parallelism + random.nextInt(500);
            int from = 1 + random.nextInt(keyGroups);
            Ownership before =
                    random.nextBoolean()
                            ? Ownership.contiguous(keyGroups, from)
                            : Ownership.of(from, random.ints(keyGroups, 0, from).toArray());
            Ownership after = WholeRanges.place(before, parallelism, each);
            assertBalanced(after, parallelism);
            assertThat(FiledParallelism.fits(after.toTable(), each * parallelism)).isTrue();
            assertThat(WholeRanges.place(before, parallelism, each)).isEqualTo(after);
            kept += keyGroups - moves(before, after);
            best += atBestKept(before, parallelism, each);
        }
        assertThat((double) kept / best).isBetween(0.9, 1.0);
    }

    @Test
    void wholeRangesNeedAKeyGroupEach() {
        Ownership before = Ownership.contiguous(7, 2);
        assertThatThrownBy(() -> WholeRanges.place(before, 4, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("7 key groups are too few for 8 ranges");
    }

    /** No range stays with more than one subtask, and each subtask has so many. */
    private static int atBestKept(Ownership before, int parallelism, int each) {
        int all = each * parallelism;
        int[] ranges = Ownership.contiguous(before.keyGroups(), all).toTable();
        int[][] owned = new int[parallelism][all];
        for (int keyGroup = 0; keyGroup < ranges.length; keyGroup++) {
            if (before.ownerOf(keyGroup) < parallelism) {
                owned[before.ownerOf(keyGroup)][ranges[keyGroup]]++;
            }
        }
        int bySubtask =
                Arrays.stream(owned)
                        .mapToInt(own -> Arrays.stream(own).sorted().skip(all - each).sum())
                        .sum();
        int byRange =
                IntStream.range(0, all)
                        .map(range -> Arrays.stream(owned).mapToInt(own -> own[range]).max().orElse(0))
                        .sum();
        return Math.min(bySubtask, byRange);
    }

    /**
     * Key groups moved in a sequence of rescales.
     *
     * @param minimal by the placement
     * @param fewest what no balanced one can avoid, from where the placement was each time
     * @param contiguous by Flink's ranges
     */
    private record Moved(long minimal, long fewest, long contiguous) {}

    private Moved moved(int keyGroups, int from, int rescales, IntUnaryOperator next) {
        Ownership current = Ownership.contiguous(keyGroups, from);
        Ownership ranges = current;
        Moved moved = new Moved(0, 0, 0);
        for (int i = 0; i < rescales; i++) {
            int to = next.applyAsInt(current.parallelism());
            Ownership placed = minimal.place(current, to);
            assertBalanced(placed, to);
            assertThat(FiledParallelism.of(placed.toTable(), to).parallelism())
                    .isLessThanOrEqualTo(Math.min(keyGroups, Math.max(2 * to, 128)));
            Ownership nextRanges = Ownership.contiguous(keyGroups, to);
            moved =
                    new Moved(
                            moved.minimal() + moves(current, placed),
                            moved.fewest() + moves(current, FewestMoves.place(current, to)),
                            moved.contiguous() + moves(ranges, nextRanges));
            current = placed;
            ranges = nextRanges;
        }
        return moved;
    }

    private static void assertBalanced(Ownership placed, int parallelism) {
        assertThat(placed.parallelism()).isEqualTo(parallelism);
        int floor = placed.keyGroups() / parallelism;
        boolean even = placed.keyGroups() % parallelism == 0;
        assertThat(Arrays.stream(placed.counts()).min()).hasValue(floor);
        assertThat(Arrays.stream(placed.counts()).max()).hasValue(even ? floor : floor + 1);
    }

    private static int moves(Ownership before, Ownership after) {
        return MigrationPlan.difference(before, after).size();
    }
}
