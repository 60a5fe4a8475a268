package dev.tern.rescale.plan;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.flink.runtime.state.KeyGroupRangeAssignment;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Random;
import java.util.stream.IntStream;

/** It is the least one, and finding it costs about as much as reading the table a few times. */
class FiledParallelismTest {

    @Test
    void equalsTheOneThatTryingAllWouldFind() {
        Random random = new Random(11);
        for (int round = 0; round < 500; round++) {
            int keyGroups = 1 + random.nextInt(40);
            int runs = 1 + random.nextInt(6);
            int[] owners = new int[keyGroups];
            for (int keyGroup = 1; keyGroup < keyGroups; keyGroup++) {
                owners[keyGroup] =
                        random.nextInt(runs) == 0 ? random.nextInt(4) : owners[keyGroup - 1];
            }
            int least = 1 + random.nextInt(keyGroups);
            int parallelism = byTryingAll(owners, least);
            assertThat(FiledParallelism.of(owners, least).parallelism())
                    .as("%s from %s", owners, least)
                    .isEqualTo(parallelism);
            for (int bound = 1; bound <= keyGroups; bound++) {
                assertThat(FiledParallelism.isAtMost(bound, owners, least))
                        .isEqualTo(parallelism <= bound);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "4096, 125, 150",
        "32768, 1000, 1200",
        "32768, 1000, 1001",
        "32768, 500, 1000",
        "32768, 1000, 500",
        "32768, 1000, 999"
    })
    void theCostIsLinearInTheKeyGroups(int keyGroups, int from, int to) {
        Ownership after =
                FewestMoves.place(Ownership.contiguous(keyGroups, from), to);
        assertThat(FiledParallelism.of(after.toTable(), to).looks())
                .isLessThan(8L * keyGroups);
    }

    @Test
    void oneStrayKeyGroupAtTheEndCostsNoMore() {
        int[] owners = Ownership.contiguous(32_768, 2).toTable();
        owners[32_766] = 0;
        assertThat(FiledParallelism.of(owners, 2).looks()).isLessThan(8L * owners.length);
    }

    private static int byTryingAll(int[] owners, int least) {
        int parallelism = least;
        while (!separatesAll(owners, parallelism)) {
            parallelism++;
        }
        return parallelism;
    }

    private static boolean separatesAll(int[] owners, int parallelism) {
        return IntStream.range(1, owners.length)
                .noneMatch(
                        keyGroup ->
                                owners[keyGroup] != owners[keyGroup - 1]
                                        && range(owners, parallelism, keyGroup)
                                                == range(owners, parallelism, keyGroup - 1));
    }

    private static int range(int[] owners, int parallelism, int keyGroup) {
        return KeyGroupRangeAssignment.computeOperatorIndexForKeyGroup(
                owners.length, parallelism, keyGroup);
    }
}
