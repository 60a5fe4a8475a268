package dev.tern.streaming.handover;

/** Where a unit stands, seen from one subtask. */
enum UnitState {
    /** Not of this subtask, before and after. */
    FOREIGN,
    /** Here; its records are processed. */
    OWNED,
    /** Still here; leaves when the hand-over protocol allows it. */
    LEAVING,
    /** Left this subtask; a record of it here would be a defect. */
    LEFT,
    /** Will come; its records are set aside until then. */
    EXPECTED
}
