package dev.tern.experiments.report;

import dev.tern.experiments.matrix.Arm;
import dev.tern.experiments.matrix.Engine;
import dev.tern.experiments.matrix.RunSpec;
import dev.tern.experiments.measure.Floors;
import dev.tern.experiments.options.ExperimentPlan;
import dev.tern.experiments.rest.LiveProof;
import dev.tern.experiments.rest.ProvenMode;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Hand-made results for the tests of the reports. */
final class Runs {

    static final RunResult.Oracle EXACT = new RunResult.Oracle(1000, 0, 0, 0, 0);

    private static final Floors FLOORS = new Floors(1e10, 2e9, 45);

    private Runs() {}

    static ExperimentPlan plan() {
        return new ExperimentPlan(
                "keycount",
                List.of(Engine.TERN, Engine.STOCK),
                "heap",
                64_000_000,
                2,
                4,
                2,
                5000,
                List.of("aligned"),
                "minimal",
                1,
                Duration.ofSeconds(20),
                Duration.ofSeconds(30),
                Duration.ofSeconds(60),
                Duration.ofSeconds(10),
                Map.of(),
                Path.of("out"));
    }

    private static Arm arm(Engine engine) {
        return Arm.of(List.of(engine), List.of("aligned")).get(0);
    }

    static RunResult tern(int pair, double peak, double gap) {
        return run(
                Engine.TERN,
                pair,
                peak,
                gap,
                new RunResult.Rescale("LIVE", 80, 64, 1_100, 1_000, -1, 12, 300, 0),
                new LiveProof(ProvenMode.LIVE, List.of()),
                EXACT);
    }

    static RunResult stock(int pair, double peak, double gap) {
        return stock(Engine.STOCK, pair, peak, gap);
    }

    static RunResult stock(Engine engine, int pair, double peak, double gap) {
        return run(
                engine,
                pair,
                peak,
                gap,
                new RunResult.Rescale("RESTART", 4000, -1, -1, -1, -1, Double.NaN, 300, 1),
                new LiveProof(ProvenMode.RESTART, List.of("numRestarts went from 0 to 1")),
                new RunResult.Oracle(1000, 0, 640, 0, 0));
    }

    static RunResult run(
            Engine engine,
            int pair,
            double peak,
            double gap,
            RunResult.Rescale rescale,
            LiveProof proof,
            RunResult.Oracle oracle) {
        return new RunResult(
                new RunSpec(arm(engine), pair, pair * 2 + engine.ordinal(), 1 + pair),
                engine == Engine.TERN ? "aligned" : "restart",
                new RunResult.Quantiles(2, 5, 9, 14),
                new RunResult.Horizon(
                        new RunResult.Quantiles(2, peak / 2, peak * 0.9, peak),
                        gap,
                        3.5,
                        0.97,
                        120,
                        engine == Engine.TERN ? 40 : Double.NaN),
                rescale,
                proof,
                oracle,
                new RunResult.Machine(4.2, 0.4, FLOORS, FLOORS),
                List.of(
                        new LatencyBucket(-200, 2, 5, 6, 500),
                        new LatencyBucket(-100, 2, 5, 7, 500),
                        new LatencyBucket(0, peak / 2, peak * 0.9, peak, 500),
                        new LatencyBucket(100, 2, 5, 6, 500)));
    }
}
