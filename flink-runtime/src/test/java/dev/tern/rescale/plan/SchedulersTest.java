package dev.tern.rescale.plan;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.flink.configuration.Configuration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;

/** What each scheduler promises of its steps, on drawn plans. */
class SchedulersTest {

    private static Stream<MigrationScheduler> all() {
        return Stream.of(
                new AllAtOnce(),
                new ByteBudget(),
                new Fluid(),
                new Batch(),
                new Matching(),
                new Pairs());
    }

    @ParameterizedTest
    @MethodSource("all")
    void everyMoveIsInOneStepAndNoStepIsEmpty(MigrationScheduler scheduler) {
        for (MigrationView view : drawn()) {
            List<List<Move>> steps = scheduler.schedule(view, new Configuration());
            assertThat(steps).allSatisfy(step -> assertThat(step).isNotEmpty());
            assertThat(steps.stream().flatMap(List::stream))
                    .containsExactlyInAnyOrderElementsOf(view.moves());
        }
        assertThat(
                        scheduler.schedule(
                                MigrationView.of(List.of(), Map.of()), new Configuration()))
                .isEmpty();
    }

    @Test
    void allAtOnceIsOneStep() {
        drawn().forEach(view -> assertThat(steps(new AllAtOnce(), view)).hasSize(1));
    }

    @Test
    void fluidMovesOneKeyGroupAStepInTheWantedOrder() {
        MigrationView view =
                MigrationView.of(
                        List.of(new Move(0, 0, 2), new Move(1, 0, 2), new Move(2, 1, 2)),
                        Map.of(0, 1L, 1, 3L, 2, 2L));
        assertThat(steps(new Fluid(), view, "order", "size-descending"))
                .containsExactly(
                        List.of(new Move(1, 0, 2)),
                        List.of(new Move(2, 1, 2)),
                        List.of(new Move(0, 0, 2)));
    }

    @Test
    void batchesHaveTheWantedNumberOfUnits() {
        for (MigrationView view : drawn()) {
            List<List<Move>> steps = steps(new Batch(), view, "units", "5");
            assertThat(steps.subList(0, steps.size() - 1))
                    .allSatisfy(step -> assertThat(step).hasSize(5));
            assertThat(steps).hasSize((view.moves().size() + 4) / 5);
        }
    }

    @Test
    void aMatchingTouchesEachSubtaskOnceEachWayInTheFewestSteps() {
        for (MigrationView view : drawn()) {
            List<List<Move>> steps = steps(new Matching(), view, "order", "random");
            assertThat(steps)
                    .allSatisfy(
                            step -> {
                                assertThat(step).extracting(Move::from).doesNotHaveDuplicates();
                                assertThat(step).extracting(Move::to).doesNotHaveDuplicates();
                            });
            int busiest =
                    Math.max(most(view.moves(), Move::from), most(view.moves(), Move::to));
            assertThat(steps).hasSize(busiest);
        }
    }

    @Test
    void theColoursOfEarlierMovesGiveWay() {
        // The last one finds the first colour at its sender and the second at its receiver.
        List<Move> moves =
                List.of(
                        new Move(0, 0, 3), new Move(1, 1, 4), new Move(2, 1, 7), new Move(3, 0, 7));
        assertThat(EdgeColouring.of(moves))
                .containsExactly(
                        List.of(moves.get(0), moves.get(2)), List.of(moves.get(1), moves.get(3)));
    }

    @Test
    void subscalesOfAPairStayTogetherAndFewTouchASubtask() {
        for (MigrationView view : drawn()) {
            for (List<Move> step :
                    steps(new Pairs(), view, "units", "4", "concurrent", "2")) {
                Map<Integer, Integer> touched = new HashMap<>();
                Map<List<Integer>, Integer> byPair = new HashMap<>();
                step.forEach(m -> byPair.merge(List.of(m.from(), m.to()), 1, Integer::sum));
                byPair.forEach(
                        (pair, units) ->
                                pair.forEach(
                                        s -> touched.merge(s, (units + 3) / 4, Integer::sum)));
                assertThat(touched.values()).allSatisfy(n -> assertThat(n).isBetween(1, 2));
            }
        }
    }

    @Test
    void aSubscaleHasHalfOfAPairUnlessThatIsLittle() {
        MigrationView large = pair(40);
        assertThat(steps(new Pairs(), large, "concurrent", "1"))
                .extracting(List::size)
                .containsExactly(20, 20);
        assertThat(steps(new Pairs(), pair(10), "concurrent", "1"))
                .extracting(List::size)
                .containsExactly(7, 3);
    }

    @Test
    void onlyOrdersByRateNeedRates() {
        Configuration hot = Configuration.fromMap(Map.of("order", "hot-first"));
        all().filter(scheduler -> !(scheduler instanceof AllAtOnce))
                .forEach(
                        scheduler -> {
                            assertThat(scheduler.needsRates(hot)).isTrue();
                            assertThat(scheduler.needsRates(new Configuration())).isFalse();
                        });
        assertThat(new AllAtOnce().needsRates(hot)).isFalse();
    }

    @Test
    void whoSharesAProcessIsKnownOnlyWhereBothAre() {
        MigrationView view =
                new MigrationView(
                        List.of(), Map.of(), Optional.empty(), Map.of(0, "a", 1, "a", 2, "b"));
        assertThat(view.staysInProcess(new Move(0, 0, 1))).isTrue();
        assertThat(view.staysInProcess(new Move(0, 0, 2))).isFalse();
        assertThat(view.staysInProcess(new Move(0, 3, 4))).isFalse();
    }

    private static MigrationView pair(int moves) {
        List<Move> pair = new ArrayList<>();
        for (int keyGroup = 0; keyGroup < moves; keyGroup++) {
            pair.add(new Move(keyGroup, 0, 1));
        }
        return MigrationView.of(pair, Map.of());
    }

    /** Plans of placements, and of anything that goes anywhere. */
    private static List<MigrationView> drawn() {
        Random random = new Random(7);
        List<MigrationView> views = new ArrayList<>();
        for (int[] change : new int[][] {{2, 4}, {8, 12}, {12, 8}, {25, 30}, {3, 2}}) {
            Ownership before = Ownership.contiguous(128, change[0]);
            views.add(
                    view(
                            MigrationPlan.difference(
                                    before, Ownership.contiguous(128, change[1])),
                            random));
            views.add(
                    view(
                            MigrationPlan.difference(
                                    before, new MinimalPlacement().place(before, change[1])),
                            random));
        }
        for (int draw = 0; draw < 200; draw++) {
            int subtasks = 2 + random.nextInt(12);
            List<Move> moves = new ArrayList<>();
            for (int keyGroup = 0; keyGroup < 1 + random.nextInt(80); keyGroup++) {
                int from = random.nextInt(subtasks);
                int to = (from + 1 + random.nextInt(subtasks - 1)) % subtasks;
                moves.add(new Move(keyGroup, from, to));
            }
            views.add(view(moves, random));
        }
        return views;
    }

    private static MigrationView view(List<Move> moves, Random random) {
        Map<Integer, Long> bytes = new HashMap<>();
        moves.forEach(move -> bytes.put(move.keyGroup(), (long) random.nextInt(1 << 20)));
        return MigrationView.of(moves, bytes);
    }

    private static int most(List<Move> moves, Function<Move, Integer> end) {
        Map<Integer, Integer> counts = new HashMap<>();
        moves.forEach(move -> counts.merge(end.apply(move), 1, Integer::sum));
        return new HashSet<>(counts.values()).stream().mapToInt(n -> n).max().orElse(0);
    }

    private static List<List<Move>> steps(
            MigrationScheduler scheduler, MigrationView view, String... options) {
        Configuration values = new Configuration();
        for (int i = 0; i < options.length; i += 2) {
            values.setString(options[i], options[i + 1]);
        }
        return scheduler.schedule(view, values);
    }
}
