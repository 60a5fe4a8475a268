package dev.tern.rescale.coordinate;

import dev.tern.rescale.plan.MigrationPlan;
import dev.tern.rescale.plan.MigrationStep;

import java.util.Arrays;
import java.util.stream.Collectors;

/** Says where a rescale stopped that was given up in the middle. Pure. */
final class StopPoint {

    private StopPoint() {}

    /**
     * @param why a sentence
     * @param steps how many steps of the plan were carried out
     */
    static String sentence(String why, MigrationPlan plan, int steps) {
        int moved =
                plan.steps().subList(0, steps).stream()
                        .map(MigrationStep::moves)
                        .mapToInt(moves -> moves.size())
                        .sum();
        int[] counts = Migration.ownershipAfter(plan, steps).counts();
        return String.format(
                "%s Stopped after step %d of %d: %d of %d key groups have moved and stay where they"
                        + " are. The vertex runs with %d subtasks, which own %s key groups.",
                why,
                steps,
                plan.steps().size(),
                moved,
                plan.moves().size(),
                counts.length,
                Arrays.stream(counts).mapToObj(String::valueOf).collect(Collectors.joining(", ")));
    }
}
