package dev.tern.streaming.handover;

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
        /** It cannot be here; the task fails, for else it would be lost. */
        DEFECT
    }

    /** Whether the units of a step may leave, by what the channels have shown. */
    boolean mayLeave(Alignment alignment);

    /** What becomes of a record whose unit is in this state. */
    Verdict verdict(UnitState unit);
}
