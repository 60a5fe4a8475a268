package dev.tern.rescale.strategy;

import dev.tern.rescale.strategy.HandoverProtocol.Departure;
import dev.tern.rescale.strategy.HandoverProtocol.EarlyRecords;
import dev.tern.rescale.strategy.HandoverProtocol.LateRecords;
import dev.tern.rescale.strategy.HandoverProtocol.RouteSwitch;
import dev.tern.rescale.strategy.HandoverProtocol.Transfer;

import java.io.Serializable;

/** What a {@link HandoverProtocol} chooses, as it is told to tasks. */
public record HandoverChoices(
        RouteSwitch routeSwitch,
        Departure departure,
        LateRecords lateRecords,
        EarlyRecords earlyRecords,
        Transfer transfer)
        implements Serializable {

    public static HandoverChoices of(HandoverProtocol protocol) {
        return new HandoverChoices(
                protocol.routeSwitch(),
                protocol.departure(),
                protocol.lateRecords(),
                protocol.earlyRecords(),
                protocol.transfer());
    }
}
