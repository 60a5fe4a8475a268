package dev.tern.streaming.handover;

/**
 * Units leave when every channel has shown the marker, so no record comes late; what comes early
 * waits.
 */
enum AlignedPolicy implements HandoverPolicy {
    INSTANCE;

    @Override
    public boolean mayLeave(Alignment alignment, boolean atTime) {
        return alignment.isComplete();
    }

    @Override
    public Verdict verdict(UnitState unit, boolean switched) {
        return switch (unit) {
            case OWNED, LEAVING -> Verdict.PROCESS;
            case EXPECTED -> Verdict.SET_ASIDE;
            case INSTALLED, LEFT, FOREIGN -> Verdict.DEFECT;
        };
    }

    @Override
    public boolean reRoutes() {
        return false;
    }
}
