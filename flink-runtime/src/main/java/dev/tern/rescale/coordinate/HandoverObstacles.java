package dev.tern.rescale.coordinate;

import dev.tern.rescale.strategy.HandoverChoices;
import dev.tern.rescale.strategy.HandoverProtocol.LateRecords;

import java.util.List;
import java.util.Optional;

/** What a hand-over protocol cannot do to a vertex that others can rescale live. Pure. */
final class HandoverObstacles {

    private HandoverObstacles() {}

    /** The first one, as a sentence. */
    static Optional<String> first(HandoverChoices choices, List<VertexChange> changes) {
        return changes.stream()
                .filter(VertexChange::isKeyed)
                .flatMap(
                        change ->
                                of(
                                        choices,
                                        change.jobVertex().getName(),
                                        change.vertex().hasBroadcastInput())
                                        .stream())
                .findFirst();
    }

    /** Each unit must meet each broadcast record once, at an owner that has all its others by then. */
    static Optional<String> of(HandoverChoices choices, String vertex, boolean broadcastInput) {
        return choices.lateRecords() == LateRecords.RE_ROUTED && broadcastInput
                ? Optional.of(
                        "Vertex '"
                                + vertex
                                + "' has a broadcast input, which cannot be brought into order with"
                                + " records that the strategy re-routes; choose another strategy,"
                                + " for example stepwise.")
                : Optional.empty();
    }
}
