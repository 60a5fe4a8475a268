package dev.tern.examples.parameters;

import org.junit.jupiter.api.Test;

import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

class NearestTest {

    private static final List<String> NAMES = List.of("counterPar", "defaultPar", "rate", "keys");

    @Test
    void aSlipIsForgiven() {
        assertThat(Nearest.to("counterpar", NAMES)).contains("counterPar");
        assertThat(Nearest.to("contuerPar", NAMES)).contains("counterPar");
        assertThat(Nearest.to("key", NAMES)).contains("keys");
        assertThat(Nearest.to("parallelism", NAMES)).isEmpty();
    }
}
