package dev.tern.experiments.matrix;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;

/**
 * One of the things that an experiment compares: an engine with its way to rescale.
 *
 * @param engine what runs the job
 * @param strategy the migration strategy of tern; "restart" for stock, which has no other
 */
public record Arm(Engine engine, String strategy) {

    private static final String RESTART = "restart";

    public Arm {
        requireNonNull(engine, "engine");
        requireNonNull(strategy, "strategy");
    }

    /** All arms of an experiment: tern once per strategy, everything else once. */
    public static List<Arm> of(List<Engine> engines, List<String> strategies) {
        List<Arm> arms = new ArrayList<>();
        for (Engine engine : engines) {
            if (engine == Engine.TERN) {
                strategies.forEach(strategy -> arms.add(new Arm(engine, strategy)));
            } else {
                arms.add(new Arm(engine, RESTART));
            }
        }
        return List.copyOf(arms);
    }

    /** The name in directories and reports, such as {@code tern-aligned} or {@code stock}. */
    public String label() {
        return engine == Engine.TERN ? engine.label() + "-" + strategy : engine.label();
    }
}
