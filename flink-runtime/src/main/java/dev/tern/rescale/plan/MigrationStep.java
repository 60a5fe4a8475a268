package dev.tern.rescale.plan;

import java.io.Serializable;
import java.util.List;

/**
 * A set of moves that share one route switch.
 *
 * @param index position in the plan, from 0
 * @param moves what moves
 * @param ownership the ownership once the step is over
 */
public record MigrationStep(int index, List<Move> moves, Ownership ownership)
        implements Serializable {

    public MigrationStep {
        moves = List.copyOf(moves);
    }
}
