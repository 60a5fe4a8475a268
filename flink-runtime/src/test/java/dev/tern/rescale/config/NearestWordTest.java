package dev.tern.rescale.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;

/** Distances between words. */
class NearestWordTest {

    @Test
    void countsEdits() {
        assertThat(NearestWord.distance("", "abc")).isEqualTo(3);
        assertThat(NearestWord.distance("abc", "")).isEqualTo(3);
        assertThat(NearestWord.distance("kitten", "sitting")).isEqualTo(3);
        assertThat(NearestWord.distance("same", "same")).isZero();
    }

    @Test
    void picksTheNearestAndThenTheFirst() {
        assertThat(NearestWord.to("strateyg", List.of("placement", "strategy")))
                .isEqualTo("strategy");
        assertThat(NearestWord.to("x", List.of("b", "a"))).isEqualTo("a");
    }
}
