package dev.tern.experiments.run;

import dev.tern.experiments.options.ExperimentPlan;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The reference job R1: the arguments of the generator-fed job for an experiment. */
public final class ReferenceJob {

    /** Part of the name of the keyed vertex, which is rescaled. */
    public static final String COUNTER = "Counter";

    /** Part of the name of the vertex that generates the records. */
    public static final String SOURCE = "Splitter";

    /** Records per second while the state is filled, before anything is measured. */
    private static final int FILL_RATE = 50_000;

    private ReferenceJob() {}

    /** How long it takes until every key has its state. */
    static Duration fillTime(ExperimentPlan plan) {
        return Duration.ofSeconds(1 + plan.keys() / FILL_RATE);
    }

    /**
     * The arguments of a job with an open-loop source, whose latency is measured.
     *
     * @param seed of the keys
     * @param latencyDirectory receives the arrival log and the schedule
     */
    static List<String> openLoop(ExperimentPlan plan, long seed, Path latencyDirectory) {
        List<String> arguments = arguments(plan, seed, plan.rate(), plan.from());
        arguments.addAll(List.of("--latencyDir", latencyDirectory.toString()));
        return arguments;
    }

    /**
     * The arguments of a job that gets more than it can take, at the parallelism after a rescale.
     *
     * @param seed of the keys
     * @param rate records per second, beyond what the job can take
     */
    static List<String> saturated(ExperimentPlan plan, long seed, int rate) {
        return arguments(plan, seed, rate, plan.to());
    }

    private static List<String> arguments(
            ExperimentPlan plan, long seed, int rate, int parallelism) {
        return new ArrayList<>(
                List.of(
                        "--input", "generator",
                        "--rate", String.valueOf(rate),
                        "--keys", String.valueOf(plan.keys()),
                        "--valueBytes", String.valueOf(ExperimentPlan.VALUE_BYTES),
                        "--fillRate", String.valueOf(FILL_RATE),
                        "--seed", String.valueOf(seed),
                        "--counterPar", String.valueOf(parallelism),
                        "--counterMaxPara", String.valueOf(ExperimentPlan.MAX_PARALLELISM),
                        "--sinkInterval", "0"));
    }
}
