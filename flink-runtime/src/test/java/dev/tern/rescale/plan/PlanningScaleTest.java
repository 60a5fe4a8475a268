package dev.tern.rescale.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.rescale.control.CommandEvent;
import dev.tern.rescale.control.TaskCommand;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.util.InstantiationUtil;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Planning for 32,768 key groups and 1,000 subtasks. What is asserted are numbers of moves and
 * bytes; times are printed.
 */
class PlanningScaleTest {

    private static final int KEY_GROUPS = 32_768;

    @ParameterizedTest
    @CsvSource({"1000, 1200", "1000, 1001", "500, 1000", "1000, 500"})
    void aPlanIsMadeInMilliseconds(int from, int to) {
        Ownership before = Ownership.contiguous(KEY_GROUPS, from);
        Map<Integer, Long> bytes = new HashMap<>();
        for (int keyGroup = 0; keyGroup < KEY_GROUPS; keyGroup++) {
            bytes.put(keyGroup, 1_000_000L);
        }
        MigrationPlan plan = null;
        long place = 0;
        long schedule = 0;
        // The last round is that of warm code.
        for (int round = 0; round < 5; round++) {
            long start = System.nanoTime();
            Ownership after = new MinimalPlacement().place(before, to);
            place = System.nanoTime() - start;
            start = System.nanoTime();
            plan =
                    MigrationPlan.of(
                            before,
                            after,
                            new ByteBudget()
                                    .schedule(
                                            MigrationView.of(
                                                    MigrationPlan.difference(before, after), bytes),
                                            Configuration.fromMap(Map.of("step-size", "64 mb"))));
            schedule = System.nanoTime() - start;
        }
        System.out.printf(
                "%d -> %d of %d key groups: placed in %.2f ms, %d moves in %d steps scheduled in"
                        + " %.2f ms%n",
                from,
                to,
                KEY_GROUPS,
                place / 1e6,
                plan.moves().size(),
                plan.steps().size(),
                schedule / 1e6);
        int least = MigrationPlan.difference(before, FewestMoves.place(before, to)).size();
        assertThat(plan.moves().size()).isBetween(least, least + KEY_GROUPS / 8 + to);
        assertThat(plan.steps()).hasSizeLessThanOrEqualTo(65);
    }

    /** Of every scheduler, also those with a step for each key group. */
    @ParameterizedTest
    @ValueSource(strings = {"fluid", "batch", "matching", "pairs"})
    void manyStepsAreAPlanOfMilliseconds(String name) {
        Ownership before = Ownership.contiguous(KEY_GROUPS, 500);
        Ownership after = new MinimalPlacement().place(before, 1000);
        MigrationView view =
                MigrationView.of(MigrationPlan.difference(before, after), Map.of());
        MigrationScheduler scheduler =
                Stream.of(new Fluid(), new Batch(), new Matching(), new Pairs())
                        .filter(one -> one.name().equals(name))
                        .findFirst()
                        .orElseThrow();
        MigrationPlan plan = null;
        long nanos = 0;
        for (int round = 0; round < 5; round++) {
            long start = System.nanoTime();
            plan =
                    MigrationPlan.of(
                            before, after, scheduler.schedule(view, new Configuration()));
            nanos = System.nanoTime() - start;
        }
        System.out.printf(
                "%s: %d moves in %d steps in %.2f ms%n",
                name, plan.moves().size(), plan.steps().size(), nanos / 1e6);
        assertThat(plan.moves()).hasSize(view.moves().size());
        // An ownership for each step would take gigabytes; each is made when it is asked for.
        assertThat(plan.steps().get(plan.steps().size() - 1).ownership().toTable())
                .isEqualTo(after.toTable());
    }

    @Test
    void whatATaskIsToldGrowsWithItsShareAndNotWithTheWhole() throws Exception {
        long small = bytesOfLargestCommand(4_096, 125, 150);
        long large = bytesOfLargestCommand(KEY_GROUPS, 1_000, 1_200);
        System.out.printf("BeginStep for one task: %d bytes, 8 times the job: %d%n", small, large);
        assertThat(large).isLessThan(small * 9).isLessThan(64 * 1024);
    }

    private static long bytesOfLargestCommand(int keyGroups, int from, int to)
            throws IOException {
        Ownership before = Ownership.contiguous(keyGroups, from);
        Ownership after = new MinimalPlacement().place(before, to);
        List<Move> moves = MigrationPlan.difference(before, after);
        long largest = 0;
        for (MigrationStep share : new MigrationStep(0, moves, after).bySubtask().values()) {
            largest =
                    Math.max(
                            largest,
                            InstantiationUtil.serializeObject(
                                            new CommandEvent(
                                                    1, 1, new TaskCommand.BeginStep(share, Map.of())))
                                    .length);
        }
        return largest;
    }
}
