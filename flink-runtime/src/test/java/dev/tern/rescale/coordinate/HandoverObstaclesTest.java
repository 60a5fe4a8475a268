package dev.tern.rescale.coordinate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.rescale.strategy.AlignedHandover;
import dev.tern.rescale.strategy.DrrsHandover;
import dev.tern.rescale.strategy.HandoverChoices;

import org.junit.jupiter.api.Test;

class HandoverObstaclesTest {

    private static final HandoverChoices DRRS = HandoverChoices.of(new DrrsHandover());
    private static final HandoverChoices ALIGNED = HandoverChoices.of(new AlignedHandover());

    @Test
    void recordsOfABroadcastInputCannotBeReRouted() {
        assertThat(HandoverObstacles.of(DRRS, "COUNT", true))
                .hasValueSatisfying(
                        text -> assertThat(text).startsWith("Vertex 'COUNT' has a broadcast input"));
        assertThat(HandoverObstacles.of(DRRS, "COUNT", false)).isEmpty();
        assertThat(HandoverObstacles.of(ALIGNED, "COUNT", true)).isEmpty();
    }
}
