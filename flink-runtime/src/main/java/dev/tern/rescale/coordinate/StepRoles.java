package dev.tern.rescale.coordinate;

import dev.tern.rescale.plan.MigrationPlan;
import dev.tern.rescale.plan.MigrationStep;
import dev.tern.rescale.plan.Move;

import java.util.Set;
import java.util.TreeSet;

/**
 * Who does what in one step of a migration. Pure.
 *
 * @param givers subtasks that give key groups away
 * @param involved these and the subtasks that get them
 * @param liveSubtasks how many subtasks get watermarks and other broadcasts once routes are
 *     switched: from the last step on none that retires
 */
record StepRoles(Set<Integer> givers, Set<Integer> involved, int liveSubtasks) {

    static StepRoles of(MigrationPlan plan, MigrationStep step) {
        Set<Integer> givers = new TreeSet<>();
        Set<Integer> involved = new TreeSet<>();
        for (Move move : step.moves()) {
            givers.add(move.from());
            involved.add(move.from());
            involved.add(move.to());
        }
        int to = plan.after().parallelism();
        boolean last = step.index() == plan.steps().size() - 1;
        return new StepRoles(
                givers, involved, last ? to : Math.max(plan.before().parallelism(), to));
    }
}
