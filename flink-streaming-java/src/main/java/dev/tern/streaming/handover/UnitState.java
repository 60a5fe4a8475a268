package dev.tern.streaming.handover;

/** Where a unit stands, seen from one subtask. */
enum UnitState {
    /** Not of this subtask, before and after. */
    FOREIGN,
    /** Here; its records are processed. */
    OWNED,
    /** Still here; leaves when the hand-over protocol allows it. */
    LEAVING,
    /** Left this subtask; its records, if the protocol lets any come, are sent behind it. */
    LEFT,
    /** Will come; its records are set aside until then. */
    EXPECTED,
    /** Here, but its old owner may still send records behind it; others of their channels wait. */
    INSTALLED
}
