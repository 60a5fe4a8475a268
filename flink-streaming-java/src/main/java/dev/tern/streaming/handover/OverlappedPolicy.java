package dev.tern.streaming.handover;

/**
 * Units leave as soon as a marker that overtakes the queued records tells of the switch. Records that
 * come behind them are re-routed, and overtaken by none of their channel.
 */
enum OverlappedPolicy implements HandoverPolicy {
    INSTANCE;

    /** Also without a trigger: where all channels have ended, none comes. */
    @Override
    public boolean mayLeave(Alignment alignment, boolean atTime) {
        return atTime && (alignment.isTriggered() || alignment.isComplete());
    }

    @Override
    public Verdict verdict(UnitState unit, boolean switched) {
        return switch (unit) {
            case OWNED, LEAVING -> Verdict.PROCESS;
            case EXPECTED -> Verdict.SET_ASIDE;
            case INSTALLED -> switched ? Verdict.PROCESS : Verdict.SET_ASIDE;
            case LEFT -> switched ? Verdict.DEFECT : Verdict.RE_ROUTE;
            case FOREIGN -> Verdict.DEFECT;
        };
    }

    @Override
    public boolean reRoutes() {
        return true;
    }
}
