package dev.tern.rescale.plan;

import java.util.ArrayList;
import java.util.List;

/**
 * How a vertex gets from one ownership to another: ordered steps.
 *
 * @param before ownership now
 * @param after ownership at the end
 * @param steps in the order of execution; there may be none
 */
public record MigrationPlan(Ownership before, Ownership after, List<MigrationStep> steps) {

    public MigrationPlan {
        steps = List.copyOf(steps);
    }

    /** All moves that turn one ownership into the other, by key group. */
    public static List<Move> difference(Ownership before, Ownership after) {
        if (before.keyGroups() != after.keyGroups()) {
            throw new IllegalArgumentException(
                    "The number of key groups cannot change: "
                            + before.keyGroups()
                            + " before, "
                            + after.keyGroups()
                            + " after");
        }
        List<Move> moves = new ArrayList<>();
        for (int keyGroup = 0; keyGroup < before.keyGroups(); keyGroup++) {
            if (before.ownerOf(keyGroup) != after.ownerOf(keyGroup)) {
                moves.add(new Move(keyGroup, before.ownerOf(keyGroup), after.ownerOf(keyGroup)));
            }
        }
        return moves;
    }

    /** The plan that carries out the scheduled batches one after the other. */
    public static MigrationPlan of(
            Ownership before, Ownership after, List<List<Move>> batches) {
        int widest = Math.max(before.parallelism(), after.parallelism());
        List<MigrationStep> steps = new ArrayList<>();
        Ownership current = before;
        for (List<Move> batch : batches) {
            current = current.withMoves(batch, widest);
            steps.add(new MigrationStep(steps.size(), batch, current));
        }
        if (!java.util.Arrays.equals(current.toTable(), after.toTable())) {
            throw new IllegalArgumentException(
                    "The scheduled steps do not lead to the planned ownership: " + current);
        }
        return new MigrationPlan(before, after, steps);
    }

    /** Who owns what after so many steps, while all subtasks are still there. */
    public Ownership after(int stepsDone) {
        int widest = Math.max(before.parallelism(), after.parallelism());
        return stepsDone == 0
                ? before.withMoves(List.of(), widest)
                : steps.get(stepsDone - 1).ownership();
    }

    /** All moves of all steps. */
    public List<Move> moves() {
        return steps.stream().flatMap(step -> step.moves().stream()).toList();
    }
}
