package dev.tern.rescale.strategy;

/**
 * The mechanism of DRRS (ICDE 2025): trigger and confirmation are two markers. The first overtakes
 * the queued records, and units leave; records that come behind them are re-routed, and the new owner
 * processes whatever need not wait for those.
 */
public final class DrrsHandover implements HandoverProtocol {

    public static final String NAME = "drrs";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public RouteSwitch routeSwitch() {
        return RouteSwitch.ANNOUNCED;
    }

    @Override
    public Departure departure() {
        return Departure.WHEN_ANNOUNCED;
    }

    @Override
    public LateRecords lateRecords() {
        return LateRecords.RE_ROUTED;
    }

    @Override
    public EarlyRecords earlyRecords() {
        return EarlyRecords.BEHIND_LATE_ONES;
    }

    @Override
    public Transfer transfer() {
        return Transfer.PULL;
    }
}
