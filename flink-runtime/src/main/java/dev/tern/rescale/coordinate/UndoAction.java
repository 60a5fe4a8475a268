package dev.tern.rescale.coordinate;

import dev.tern.rescale.request.RescaleState;

import java.util.ArrayList;
import java.util.List;

/** What takes back a part of a rescale that has moved nothing yet. */
enum UndoAction {
    /** Owners forget that they were prepared. */
    FORGET_MIGRATION,
    /** Downstream tasks drop the channels of new subtasks. */
    DROP_CHANNELS,
    /** New subtasks are cancelled. */
    CANCEL_SUBTASKS,
    /** Upstream tasks drop the subpartitions of new subtasks. */
    DROP_SUBPARTITIONS,
    /** The execution graph gets its old number of subtasks. */
    SHRINK_GRAPH;

    /**
     * What to do, in this order.
     *
     * @param reached the state in which the rescale failed, before {@link RescaleState#MIGRATE}
     * @param grown whether the execution graph has the new subtasks
     */
    static List<UndoAction> of(RescaleState reached, boolean grown) {
        List<UndoAction> actions = new ArrayList<>();
        if (reached == RescaleState.PREPARE_OWNERS) {
            actions.add(FORGET_MIGRATION);
        }
        if (grown) {
            if (reached.compareTo(RescaleState.GROW_DOWNSTREAM) >= 0) {
                actions.add(DROP_CHANNELS);
            }
            actions.add(CANCEL_SUBTASKS);
            if (reached.compareTo(RescaleState.GROW_UPSTREAM) >= 0) {
                actions.add(DROP_SUBPARTITIONS);
            }
            actions.add(SHRINK_GRAPH);
        }
        return actions;
    }
}
