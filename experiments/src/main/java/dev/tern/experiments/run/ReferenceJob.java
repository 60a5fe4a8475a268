package dev.tern.experiments.run;

import dev.tern.experiments.options.ExperimentPlan;

import java.nio.file.Path;
import java.util.List;

/** The reference job R1: the arguments of the generator-fed job for an experiment. */
public final class ReferenceJob {

    /** Part of the name of the keyed vertex, which is rescaled. */
    public static final String COUNTER = "Counter";

    /** Records per second while the state is filled, before anything is measured. */
    static final int FILL_RATE = 50_000;

    private ReferenceJob() {}

    /**
     * The arguments of the job.
     *
     * @param seed of the keys
     * @param latencyDirectory receives the arrival log and the schedule
     */
    public static List<String> arguments(ExperimentPlan plan, long seed, Path latencyDirectory) {
        return List.of(
                "--input", "generator",
                "--rate", String.valueOf(plan.rate()),
                "--keys", String.valueOf(plan.keys()),
                "--valueBytes", String.valueOf(ExperimentPlan.VALUE_BYTES),
                "--fillRate", String.valueOf(FILL_RATE),
                "--seed", String.valueOf(seed),
                "--counterPar", String.valueOf(plan.from()),
                "--counterMaxPara", String.valueOf(ExperimentPlan.MAX_PARALLELISM),
                "--latencyDir", latencyDirectory.toString());
    }
}
