package dev.tern.experiments.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.experiments.matrix.Engine;
import dev.tern.experiments.rest.LiveProof;
import dev.tern.experiments.rest.ProvenMode;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

class GoalsTest {

    private static final LiveProof LIVE = new LiveProof(ProvenMode.LIVE, List.of());
    private static final RunResult.Rescale MOVED =
            new RunResult.Rescale("LIVE", 1, 1, 1, 1, -1, 1, 1, 0);

    @Test
    void allGoalsAreMetByATenthOfStock() {
        List<GoalResult> goals =
                Goals.judge(
                        List.of(
                                Runs.tern(0, 100, 40),
                                Runs.stock(0, 4000, 3800),
                                Runs.stock(1, 5000, 4000),
                                Runs.tern(1, 110, 50)),
                        1);

        assertThat(goals).allMatch(GoalResult::met);
        assertThat(goals.get(0).ratio().median()).isEqualTo((0.025 + 0.022) / 2);
    }

    @Test
    void theWorsePairDecides() {
        List<GoalResult> goals =
                Goals.judge(
                        List.of(
                                Runs.tern(0, 100, 40),
                                Runs.stock(0, 4000, 3800),
                                Runs.tern(1, 2000, 50),
                                Runs.stock(1, 4000, 4000)),
                        1);

        assertThat(met(goals)).containsEntry("peak", false).containsEntry("gap", true);
    }

    @Test
    void theBetterStockOfEachPairAndFigureDecides() {
        List<RunResult> runs =
                List.of(
                        Runs.tern(0, 100, 100),
                        Runs.stock(0, 1000, 4000),
                        Runs.stock(Engine.STOCK_INGEST, 0, 2000, 2000),
                        Runs.stock(Engine.STOCK_DEFAULT, 0, 10, 10),
                        Runs.tern(1, 100, 100),
                        Runs.stock(1, 2000, 1000),
                        Runs.stock(Engine.STOCK_INGEST, 1, 1000, 4000));
        List<GoalResult> goals = Goals.judge(runs, 1);

        assertThat(goals.get(0).name()).isEqualTo("peak");
        assertThat(goals.get(0).goal()).contains("best of stock");
        assertThat(goals.get(0).ratio().median()).isEqualTo(0.1);
        assertThat(goals.get(1).name()).isEqualTo("gap");
        assertThat(goals.get(1).ratio().median()).isEqualTo((0.05 + 0.1) / 2);
        assertThat(met(Goals.judge(runs.subList(0, 6), 1)).keySet())
                .as("one of them still has to run")
                .doesNotContain("peak", "gap");
    }

    @Test
    void oneWrongRecordFailsTheExactGoal() {
        for (RunResult.Oracle oracle :
                List.of(
                        new RunResult.Oracle(1000, 1, 0, 0, 0),
                        new RunResult.Oracle(1000, 0, 1, 0, 0),
                        new RunResult.Oracle(1000, 0, 0, 1, 0),
                        new RunResult.Oracle(1000, 0, 0, 0, 1))) {
            assertThat(met(Goals.judge(List.of(tern(MOVED, LIVE, oracle)), 1)))
                    .containsEntry("lost, duplicated, outOfOrder, wrongCounts", false);
        }
    }

    @Test
    void bytesAreJudgedAgainstTheMinimumAndUnknownIsNotMet() {
        assertThat(bytesGoal(1_150, 1_000)).isTrue();
        assertThat(bytesGoal(1_151, 1_000)).isFalse();
        assertThat(bytesGoal(0, 0)).isFalse();
    }

    @Test
    void modeMustBeProvenNotClaimed() {
        LiveProof restart = new LiveProof(ProvenMode.RESTART, List.of("numRestarts"));

        assertThat(met(Goals.judge(List.of(tern(MOVED, restart, Runs.EXACT)), 1)))
                .containsEntry("mode", false);
    }

    @Test
    void withoutStockOnlyTheGoalsOfTernAreJudged() {
        assertThat(met(Goals.judge(List.of(Runs.tern(0, 100, 40)), 1)).keySet())
                .doesNotContain("peak", "gap");
        assertThat(Goals.judge(List.of(Runs.stock(0, 4000, 3800)), 1)).isEmpty();
    }

    private static boolean bytesGoal(long moved, long minimal) {
        RunResult run =
                tern(
                        new RunResult.Rescale("LIVE", 1, 1, moved, minimal, -1, 1, 1, 0),
                        LIVE,
                        Runs.EXACT);
        return met(Goals.judge(List.of(run), 1)).get("bytesMoved");
    }

    private static RunResult tern(
            RunResult.Rescale rescale, LiveProof proof, RunResult.Oracle oracle) {
        return Runs.run(Engine.TERN, 0, 100, 40, rescale, proof, oracle);
    }

    private static Map<String, Boolean> met(List<GoalResult> goals) {
        return goals.stream().collect(Collectors.toMap(GoalResult::name, GoalResult::met));
    }
}
