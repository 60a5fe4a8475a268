package dev.tern.rescale.strategy;

/** A unit leaves when all channels have shown the marker; only moving units wait. */
public final class AlignedHandover implements HandoverProtocol {

    public static final String NAME = "aligned";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public RouteSwitch routeSwitch() {
        return RouteSwitch.AT_MARKER;
    }

    @Override
    public Departure departure() {
        return Departure.ALL_CHANNELS_ALIGNED;
    }

    @Override
    public LateRecords lateRecords() {
        return LateRecords.IMPOSSIBLE;
    }

    @Override
    public EarlyRecords earlyRecords() {
        return EarlyRecords.SUSPEND_FIFO;
    }

    @Override
    public Transfer transfer() {
        return Transfer.PULL;
    }
}
