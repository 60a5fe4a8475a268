package dev.tern.rescale.plan;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

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

    /** For each subtask that gives or gets, the same step with its own moves only. */
    public Map<Integer, MigrationStep> bySubtask() {
        Map<Integer, List<Move>> concerned = new HashMap<>();
        for (Move move : moves) {
            concerned.computeIfAbsent(move.from(), ignored -> new ArrayList<>()).add(move);
            concerned.computeIfAbsent(move.to(), ignored -> new ArrayList<>()).add(move);
        }
        Map<Integer, MigrationStep> steps = new HashMap<>();
        concerned.forEach(
                (subtask, own) -> steps.put(subtask, new MigrationStep(index, own, ownership)));
        return steps;
    }

    /** The subtasks from which key groups come to one subtask. */
    public Set<Integer> giversTo(int subtask) {
        return moves.stream()
                .filter(move -> move.to() == subtask)
                .map(Move::from)
                .collect(Collectors.toSet());
    }
}
