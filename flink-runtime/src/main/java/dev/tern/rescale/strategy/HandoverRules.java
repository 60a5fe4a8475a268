package dev.tern.rescale.strategy;

import dev.tern.rescale.strategy.HandoverProtocol.Departure;
import dev.tern.rescale.strategy.HandoverProtocol.LateRecords;

import java.util.Optional;

/** Which combinations of hand-over choices are safe. */
public final class HandoverRules {

    private HandoverRules() {}

    /** The rule that the protocol breaks, as a sentence; empty when it is legal. */
    public static Optional<String> violation(HandoverProtocol protocol) {
        if (protocol.lateRecords() == LateRecords.IMPOSSIBLE
                && protocol.departure() != Departure.ALL_CHANNELS_ALIGNED) {
            return Optional.of(
                    "Hand-over '"
                            + protocol.name()
                            + "' lets a unit leave before all channels are aligned, so late records"
                            + " must be forwarded or the unit fetched back");
        }
        return Optional.empty();
    }
}
