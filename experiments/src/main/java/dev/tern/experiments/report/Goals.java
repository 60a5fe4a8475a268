package dev.tern.experiments.report;

import dev.tern.experiments.matrix.Engine;
import dev.tern.experiments.rest.ProvenMode;
import dev.tern.experiments.stats.PairedRatio;
import dev.tern.experiments.stats.Statistics;

import java.util.ArrayList;
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
        List<RunResult> tern = of(runs, Engine.TERN);
        List<RunResult> stock = of(runs, Engine.STOCK);
        List<GoalResult> results = new ArrayList<>();
        if (!tern.isEmpty() && tern.size() == stock.size()) {
            results.add(
                    ratio("peak", tern, stock, seed, run -> run.horizon().latency().max()));
            results.add(ratio("gap", tern, stock, seed, run -> run.horizon().gapMillis()));
        }
        if (!tern.isEmpty()) {
            results.add(exact(tern));
            results.add(bytes(tern));
            results.add(live(tern));
        }
        return List.copyOf(results);
    }

    /** The runs of one engine, by pair. */
    public static List<RunResult> of(List<RunResult> runs, Engine engine) {
        return runs.stream()
                .filter(run -> run.spec().engine() == engine)
                .sorted(Comparator.comparingInt(run -> run.spec().pair()))
                .toList();
    }

    /** One figure of several runs. */
    public static double[] values(List<RunResult> runs, ToDoubleFunction<RunResult> figure) {
        return runs.stream().mapToDouble(figure).toArray();
    }

    private static GoalResult ratio(
            String name,
            List<RunResult> tern,
            List<RunResult> stock,
            long seed,
            ToDoubleFunction<RunResult> figure) {
        PairedRatio ratio =
                Statistics.pairedRatio(values(tern, figure), values(stock, figure), seed);
        return new GoalResult(
                name,
                "tern / stock <= 1/10",
                ratio,
                String.format(
                        Locale.ROOT,
                        "%.4f [%.4f, %.4f]",
                        ratio.median(),
                        ratio.low(),
                        ratio.high()),
                ratio.atMost(PAUSE_RATIO));
    }

    private static GoalResult exact(List<RunResult> tern) {
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
                "lost, duplicated, outOfOrder, wrongCounts",
                "0 in every run",
                null,
                measured,
                tern.stream().map(RunResult::oracle).allMatch(RunResult.Oracle::isExact));
    }

    private static GoalResult bytes(List<RunResult> tern) {
        List<RunResult.Rescale> rescales = tern.stream().map(RunResult::rescale).toList();
        if (rescales.stream().anyMatch(each -> each.bytesMinimal() <= 0 || each.bytesMoved() < 0)) {
            return new GoalResult(
                    "bytesMoved", "<= 1.15 x bytesMinimal", null, "not reported", false);
        }
        double worst =
                rescales.stream()
                        .mapToDouble(each -> (double) each.bytesMoved() / each.bytesMinimal())
                        .max()
                        .orElseThrow();
        return new GoalResult(
                "bytesMoved",
                "<= 1.15 x bytesMinimal",
                null,
                String.format(Locale.ROOT, "%.3f x at worst", worst),
                worst <= BYTES_RATIO);
    }

    private static GoalResult live(List<RunResult> tern) {
        long live = tern.stream().filter(run -> run.proof().mode() == ProvenMode.LIVE).count();
        return new GoalResult(
                "mode",
                "LIVE, proven, in every run",
                null,
                live + " of " + tern.size() + " runs",
                live == tern.size());
    }
}
