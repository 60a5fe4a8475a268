package dev.tern.experiments.report;

import dev.tern.experiments.matrix.Arm;
import dev.tern.experiments.matrix.Engine;
import dev.tern.experiments.rest.ProvenMode;
import dev.tern.experiments.stats.PairedRatio;
import dev.tern.experiments.stats.Statistics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Judges the runs of an experiment against the goals of the project. */
public final class Goals {

    /** Peak latency and output gap against stock. */
    static final double PAUSE_RATIO = 0.1;

    /** Bytes moved against the least that a balanced plan must move. */
    static final double BYTES_RATIO = 1.15;

    private Goals() {}

    /**
     * All goals that the runs allow to judge: those against stock only where stock ran too.
     *
     * @param seed of the bootstrap
     */
    public static List<GoalResult> judge(List<RunResult> runs, long seed) {
        List<GoalResult> results = new ArrayList<>();
        List<Arm> arms = arms(runs);
        List<List<RunResult>> rivals =
                arms.stream()
                        .filter(arm -> arm.engine().isRival())
                        .map(arm -> of(runs, arm))
                        .toList();
        for (Arm arm : arms) {
            if (arm.engine() == Engine.TERN) {
                results.addAll(judge(arm.strategy(), of(runs, arm), rivals, seed));
            }
        }
        return List.copyOf(results);
    }

    /** Everything that has run, tern first. */
    public static List<Arm> arms(List<RunResult> runs) {
        return runs.stream()
                .map(run -> run.spec().arm())
                .distinct()
                .sorted(Comparator.comparing(Arm::engine).thenComparing(Arm::strategy))
                .toList();
    }

    /** The runs of one arm, by pair. */
    public static List<RunResult> of(List<RunResult> runs, Arm arm) {
        return runs.stream()
                .filter(run -> run.spec().arm().equals(arm))
                .sorted(Comparator.comparingInt(run -> run.spec().pair()))
                .toList();
    }

    /** One figure of several runs. */
    public static double[] values(List<RunResult> runs, ToDoubleFunction<RunResult> figure) {
        return runs.stream().mapToDouble(figure).toArray();
    }

    private static List<GoalResult> judge(
            String strategy, List<RunResult> tern, List<List<RunResult>> rivals, long seed) {
        List<GoalResult> results = new ArrayList<>();
        // An experiment that is not over may lack the last pair of some.
        if (!rivals.isEmpty() && rivals.stream().allMatch(runs -> runs.size() == tern.size())) {
            results.add(
                    ratio(
                            strategy,
                            "peak",
                            tern,
                            rivals,
                            seed,
                            run -> run.horizon().latency().max()));
            results.add(
                    ratio(
                            strategy,
                            "gap",
                            tern,
                            rivals,
                            seed,
                            run -> run.horizon().gapMillis()));
        }
        results.add(exact(strategy, tern));
        results.add(bytes(strategy, tern));
        results.add(live(strategy, tern));
        return results;
    }

    private static GoalResult ratio(
            String strategy,
            String name,
            List<RunResult> tern,
            List<List<RunResult>> rivals,
            long seed,
            ToDoubleFunction<RunResult> figure) {
        PairedRatio ratio =
                Statistics.pairedRatio(values(tern, figure), best(rivals, figure), seed);
        return new GoalResult(
                strategy,
                name,
                rivals.size() == 1
                        ? "tern / stock <= 1/10"
                        : "tern / the best of stock in the pair <= 1/10",
                ratio,
                String.format(
                        Locale.ROOT,
                        "%.4f [%.4f, %.4f]",
                        ratio.median(),
                        ratio.low(),
                        ratio.high()),
                ratio.atMost(PAUSE_RATIO));
    }

    /** The least of each pair. */
    private static double[] best(
            List<List<RunResult>> rivals, ToDoubleFunction<RunResult> figure) {
        double[] best = values(rivals.get(0), figure);
        for (List<RunResult> rival : rivals) {
            double[] values = values(rival, figure);
            Arrays.setAll(best, pair -> Math.min(best[pair], values[pair]));
        }
        return best;
    }

    private static GoalResult exact(String strategy, List<RunResult> tern) {
        String measured =
                Stream.<ToLongFunction<RunResult.Oracle>>of(
                                RunResult.Oracle::lost,
                                RunResult.Oracle::duplicated,
                                RunResult.Oracle::outOfOrder,
                                RunResult.Oracle::wrongCounts)
                        .map(count -> tern.stream().map(RunResult::oracle).mapToLong(count).sum())
                        .map(String::valueOf)
                        .collect(Collectors.joining(", "));
        return new GoalResult(
                strategy,
                "lost, duplicated, outOfOrder, wrongCounts",
                "0 in every run",
                null,
                measured,
                tern.stream().map(RunResult::oracle).allMatch(RunResult.Oracle::isExact));
    }

    private static GoalResult bytes(String strategy, List<RunResult> tern) {
        List<RunResult.Rescale> rescales = tern.stream().map(RunResult::rescale).toList();
        if (rescales.stream().anyMatch(each -> each.bytesMinimal() <= 0 || each.bytesMoved() < 0)) {
            return new GoalResult(
                    strategy, "bytesMoved", "<= 1.15 x bytesMinimal", null, "not told", false);
        }
        double worst =
                rescales.stream()
                        .mapToDouble(each -> (double) each.bytesMoved() / each.bytesMinimal())
                        .max()
                        .orElseThrow();
        return new GoalResult(
                strategy,
                "bytesMoved",
                "<= 1.15 x bytesMinimal",
                null,
                String.format(Locale.ROOT, "%.3f x at worst", worst),
                worst <= BYTES_RATIO);
    }

    private static GoalResult live(String strategy, List<RunResult> tern) {
        long live = tern.stream().filter(run -> run.proof().mode() == ProvenMode.LIVE).count();
        return new GoalResult(
                strategy,
                "mode",
                "LIVE, proven, in every run",
                null,
                live + " of " + tern.size() + " runs",
                live == tern.size());
    }
}
