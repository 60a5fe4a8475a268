package dev.tern.rescale.coordinate;

import dev.tern.rescale.plan.MigrationPlan;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;

/**
 * Where one vertex stands when a rescale is given up in the middle. Pure.
 *
 * @param vertex its name
 * @param subtasks how many it has
 * @param stepsDone how many steps of its plan were carried out
 * @param steps how many there are
 * @param moved key groups that have moved
 * @param moves key groups that were to move
 * @param owned how many key groups each subtask owns; empty where nothing has an owner
 */
record StopPoint(
        String vertex,
        int subtasks,
        int stepsDone,
        int steps,
        int moved,
        int moves,
        List<Integer> owned) {

    static StopPoint of(String vertex, MigrationPlan plan, int steps) {
        int moved =
                plan.batches().subList(0, steps).stream().mapToInt(List::size).sum();
        int[] counts = plan.after(steps).counts();
        return new StopPoint(
                vertex,
                counts.length,
                steps,
                plan.batches().size(),
                moved,
                plan.moves().size(),
                Arrays.stream(counts).boxed().toList());
    }

    /** The same for a vertex in which nothing has an owner. */
    static StopPoint withoutOwners(String vertex, int subtasks, int stepsDone, int steps) {
        return new StopPoint(vertex, subtasks, stepsDone, steps, 0, 0, List.of());
    }

    /**
     * @param why a sentence
     */
    static String sentence(String why, List<StopPoint> points) {
        String each =
                points.stream()
                        .map(p -> p.whereabouts(points.size() == 1))
                        .collect(Collectors.joining(" "));
        return String.format(
                "%s Stopped after step %d of %d: %d of %d key groups have moved and stay where they"
                        + " are. %s",
                why,
                sum(points, StopPoint::stepsDone),
                sum(points, StopPoint::steps),
                sum(points, StopPoint::moved),
                sum(points, StopPoint::moves),
                each);
    }

    private static int sum(List<StopPoint> points, ToIntFunction<StopPoint> number) {
        return points.stream().mapToInt(number).sum();
    }

    private String whereabouts(boolean only) {
        String name = only ? "The vertex" : '"' + vertex + '"';
        return owned.isEmpty()
                ? String.format("%s runs with %d subtasks.", name, subtasks)
                : String.format(
                        "%s runs with %d subtasks, which own %s key groups.",
                        name,
                        subtasks,
                        owned.stream().map(String::valueOf).collect(Collectors.joining(", ")));
    }
}
