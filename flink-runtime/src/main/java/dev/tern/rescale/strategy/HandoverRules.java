package dev.tern.rescale.strategy;

import dev.tern.rescale.strategy.HandoverProtocol.Departure;
import dev.tern.rescale.strategy.HandoverProtocol.EarlyRecords;
import dev.tern.rescale.strategy.HandoverProtocol.LateRecords;
import dev.tern.rescale.strategy.HandoverProtocol.RouteSwitch;

import java.util.Optional;

/** Which combinations of hand-over choices are safe. */
public final class HandoverRules {

    private HandoverRules() {}

    /** The rule that the protocol breaks, as a sentence; empty when it is legal. */
    public static Optional<String> violation(HandoverProtocol protocol) {
        return brokenRule(HandoverChoices.of(protocol))
                .map(rule -> "Hand-over '" + protocol.name() + "' " + rule);
    }

    private static Optional<String> brokenRule(HandoverChoices choices) {
        boolean early = choices.departure() != Departure.ALL_CHANNELS_ALIGNED;
        boolean reRoutes = choices.lateRecords() == LateRecords.RE_ROUTED;
        if (early && !reRoutes) {
            return Optional.of(
                    "lets a unit leave before all channels are aligned, so late records"
                            + " must be forwarded or the unit fetched back");
        }
        if (reRoutes && !early) {
            return Optional.of(
                    "re-routes late records, but lets units leave only when none can be late");
        }
        if (reRoutes && choices.earlyRecords() != EarlyRecords.BEHIND_LATE_ONES) {
            return Optional.of(
                    "re-routes late records, so others of the same channel must wait for them at"
                            + " the new owner");
        }
        if (!reRoutes && choices.earlyRecords() == EarlyRecords.BEHIND_LATE_ONES) {
            return Optional.of("has records wait for late ones, which it says cannot occur");
        }
        if (early != (choices.routeSwitch() == RouteSwitch.ANNOUNCED)) {
            return Optional.of(
                    early
                            ? "lets units leave at once, so a marker that overtakes the records must"
                                    + " say when"
                            : "sends a marker that overtakes the records, but waits for all of"
                                    + " them");
        }
        return Optional.empty();
    }
}
