package dev.tern.streaming.handover;

import dev.tern.rescale.strategy.HandoverChoices;
import dev.tern.rescale.strategy.HandoverProtocol.Departure;

/**
 * What a hand-over protocol decides at an owner. Whatever keeps records exact is the kernel's:
 * states of units, alignment, records that wait, time that is held back, transfers.
 *
 * <p>Pure: no policy remembers anything.
 */
interface HandoverPolicy {

    /** What becomes of a record. */
    enum Verdict {
        /** It is processed here and now. */
        PROCESS,
        /** It waits here, in the order of arrival, until its unit is here. */
        SET_ASIDE,
        /** Its unit has left; it is sent behind it. */
        RE_ROUTE,
        /** It cannot be here; the task fails, for else it would be lost. */
        DEFECT
    }

    /**
     * Whether the units of a step may leave.
     *
     * @param alignment what the channels have shown
     * @param atTime whether time here is where units leave that are not waited for
     */
    boolean mayLeave(Alignment alignment, boolean atTime);

    /**
     * What becomes of a record.
     *
     * @param unit state of its unit here
     * @param switched whether no record that was sent before the switch comes on its channel: at an
     *     old owner because the channel shows the marker, at a new one because the old owner says so
     */
    Verdict verdict(UnitState unit, boolean switched);

    /** Whether records may come when their unit has left. */
    boolean reRoutes();

    /** What carries out such choices. */
    static HandoverPolicy of(HandoverChoices choices) {
        return choices.departure() == Departure.ALL_CHANNELS_ALIGNED
                ? AlignedPolicy.INSTANCE
                : OverlappedPolicy.INSTANCE;
    }
}
