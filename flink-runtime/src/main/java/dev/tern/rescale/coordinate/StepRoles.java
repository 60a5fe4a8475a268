package dev.tern.rescale.coordinate;

import dev.tern.rescale.plan.MigrationPlan;
import dev.tern.rescale.plan.MigrationStep;
import dev.tern.rescale.plan.Move;

import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Who does what in one step of a migration. Pure.
 *
 * @param givers subtasks that give key groups, or copies of broadcast state, away
 * @param involved these and the subtasks that get them
 * @param all how many subtasks there are now
 * @param remaining how many of them get watermarks and other broadcasts when this step is the last
 *     of all: none that retires
 * @param settles whether subtasks that retire get no more broadcasts from this step on in any case
 */
record StepRoles(
        Set<Integer> givers, Set<Integer> involved, int all, int remaining, boolean settles) {

    /** Gives copies of broadcast state: there before and after every growth. */
    private static final int BROADCAST_GIVER = 0;

    /**
     * @param broadcastInput whether the vertex has one: then its new subtasks take part in the first
     *     step, from which on they get its records
     */
    static StepRoles of(MigrationPlan plan, MigrationStep step, boolean broadcastInput) {
        Set<Integer> givers = new TreeSet<>();
        Set<Integer> involved = new TreeSet<>();
        for (Move move : step.moves()) {
            givers.add(move.from());
            involved.add(move.from());
            involved.add(move.to());
        }
        int from = plan.before().parallelism();
        int to = plan.after().parallelism();
        if (broadcastInput && step.index() == 0 && to > from) {
            givers.add(BROADCAST_GIVER);
            involved.add(BROADCAST_GIVER);
            IntStream.range(from, to).forEach(involved::add);
        }
        boolean last = step.index() == plan.steps().size() - 1;
        int all = Math.max(from, to);
        return new StepRoles(givers, involved, all, last ? to : all, last && broadcastInput);
    }

    /**
     * How many subtasks get watermarks and other broadcasts once routes are switched. Those who
     * retire get watermarks for as long as other vertices migrate, or time would stand still behind
     * them; but no broadcast records, all of which they must have processed when they end.
     *
     * @param last whether it is the last step of all vertices
     */
    int liveSubtasks(boolean last) {
        return last || settles ? remaining : all;
    }
}
