package dev.tern.rescale.strategy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class StrategyCatalogTest {

    private final StrategyCatalog catalog =
            StrategyCatalog.load(StrategyCatalogTest.class.getClassLoader(), 1);

    @Test
    void offersTheBuiltInParts() {
        assertThat(catalog.strategyNames()).containsExactly("aligned", "drrs", "stepwise");
        assertThat(catalog.placementNames()).containsExactly("contiguous", "minimal");
    }

    @Test
    void aStrategyLeadsToItsParts() {
        Strategy aligned = catalog.strategy("aligned");
        assertThat(catalog.schedulerOf(aligned).name()).isEqualTo("all-at-once");
        assertThat(catalog.handoverOf(aligned).name()).isEqualTo("aligned");
        assertThat(catalog.schedulerOf(catalog.strategy("stepwise")).name())
                .isEqualTo("byte-budget");
    }

    @Test
    void anUnknownNameListsTheKnownOnes() {
        assertThatThrownBy(() -> catalog.placement("best"))
                .hasMessage("Unknown placement 'best'; known: contiguous, minimal");
    }
}
