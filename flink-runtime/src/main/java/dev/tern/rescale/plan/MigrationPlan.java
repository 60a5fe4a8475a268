package dev.tern.rescale.plan;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How a vertex gets from one ownership to another: ordered steps.
 *
 * @param before ownership now
 * @param after ownership at the end
 * @param batches what moves in each step, in the order of execution; there may be none
 */
public record MigrationPlan(Ownership before, Ownership after, List<List<Move>> batches) {

    public MigrationPlan {
        batches = List.copyOf(batches);
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
        MigrationPlan plan = new MigrationPlan(before, after, batches);
        for (List<Move> batch : plan.batches) {
            if (batch.isEmpty()) {
                throw new IllegalArgumentException("A scheduled step moves nothing: " + batches);
            }
        }
        Ownership last = before.withMoves(plan.moves(), plan.widest());
        if (!Arrays.equals(last.toTable(), after.toTable())) {
            throw new IllegalArgumentException(
                    "The scheduled steps do not lead to the planned ownership: " + last);
        }
        return plan;
    }

    /** Who owns what after so many steps, while all subtasks are still there. */
    public Ownership after(int stepsDone) {
        return before.withMoves(movesOf(batches.subList(0, stepsDone)), widest());
    }

    /**
     * The steps. Each is made when it is asked for: an ownership for each of thousands would take
     * gigabytes.
     */
    public List<MigrationStep> steps() {
        return new AbstractList<>() {
            @Override
            public MigrationStep get(int index) {
                return new MigrationStep(index, batches.get(index), after(index + 1));
            }

            @Override
            public int size() {
                return batches.size();
            }
        };
    }

    /** All moves of all steps. */
    public List<Move> moves() {
        return movesOf(batches);
    }

    private int widest() {
        return Math.max(before.parallelism(), after.parallelism());
    }

    private static List<Move> movesOf(List<List<Move>> batches) {
        return batches.stream().flatMap(List::stream).toList();
    }
}
