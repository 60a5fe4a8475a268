package dev.tern.rescale.coordinate;

import dev.tern.rescale.plan.MigrationPlan;
import dev.tern.rescale.plan.MigrationView;
import dev.tern.rescale.plan.Move;
import dev.tern.rescale.plan.Ownership;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What the plan of one keyed vertex is made of. Immutable: it is gathered in the JobMaster main
 * thread and planned beside it, since plans of thousands of key groups take longer than that thread
 * may be kept.
 *
 * @param before ownership now
 * @param after ownership at the end
 * @param keyGroupBytes estimated serialized size of each key group
 * @param processes see {@link MigrationView}
 */
record VertexPlanning(
        Ownership before,
        Ownership after,
        Map<Integer, Long> keyGroupBytes,
        Map<Integer, String> processes) {

    VertexPlanning {
        keyGroupBytes = Map.copyOf(keyGroupBytes);
        processes = Map.copyOf(processes);
    }

    /**
     * A plan.
     *
     * @param steps what moves in each step
     * @param bytesMinimal estimated bytes that the best balanced placement would move
     */
    record Planned(MigrationPlan steps, long bytesMinimal) {}

    /** Pure. */
    Planned plan(Function<MigrationView, List<List<Move>>> schedule) {
        MigrationView view =
                new MigrationView(
                        MigrationPlan.difference(before, after),
                        keyGroupBytes,
                        Optional.empty(),
                        processes);
        return new Planned(
                MigrationPlan.of(before, after, schedule.apply(view)),
                StepAccounting.minimalBytes(before, after.parallelism(), keyGroupBytes));
    }
}
