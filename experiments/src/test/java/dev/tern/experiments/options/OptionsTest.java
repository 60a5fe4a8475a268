package dev.tern.experiments.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tern.experiments.matrix.Engine;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

class OptionsTest {

    @Test
    void sizesHaveUnitsOf1024() {
        assertThat(Sizes.parse("1g")).isEqualTo(1L << 30);
        assertThat(Sizes.parse("64M")).isEqualTo(64L << 20);
        assertThat(Sizes.parse("12kb")).isEqualTo(12L << 10);
        assertThat(Sizes.parse("1000")).isEqualTo(1000);
        assertThatThrownBy(() -> Sizes.parse("much")).hasMessageContaining("'much' is no size");
        assertThat(Sizes.format(1.5 * (1 << 30))).isEqualTo("1.5 GiB");
        assertThat(Sizes.format(12)).isEqualTo("12 B");
    }

    @Test
    void oneGigabyteIsAboutAMillionKeys() {
        assertThat(plan(2, 4, 1L << 30).keys()).isBetween(1_000_000, 1_100_000);
        assertThat(plan(2, 4, 1L << 30).slots()).isEqualTo(4);
        assertThat(plan(3, 2, 1L << 30).slots()).isEqualTo(3);
    }

    @Test
    void refusesWhatCannotBeMeasured() {
        assertThatThrownBy(() -> plan(4, 4, 1000)).hasMessageContaining("--to");
        assertThatThrownBy(() -> plan(0, 4, 1000)).hasMessageContaining("--from");
        assertThatThrownBy(() -> plan(2, 129, 1000)).hasMessageContaining("1 to 128");
        assertThatThrownBy(() -> plan(2, 4, 10)).hasMessageContaining("--state");
    }

    @Test
    void everyEngineRunsTheSameJarFromItsOwnDistribution() {
        Distributions distributions = new Distributions(Path.of("ours"), Path.of("theirs"));

        assertThat(distributions.of(Engine.TERN)).isEqualTo(Path.of("ours"));
        assertThat(distributions.of(Engine.STOCK)).isEqualTo(Path.of("theirs"));
        assertThat(distributions.referenceJob().startsWith("ours")).isTrue();
    }

    private static ExperimentPlan plan(int from, int to, long state) {
        return new ExperimentPlan(
                "keycount",
                List.of(Engine.TERN),
                "heap",
                state,
                from,
                to,
                1,
                1000,
                List.of("aligned"),
                "minimal",
                1,
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                Map.of(),
                Path.of("out"));
    }
}
