package dev.tern.experiments.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

class RunMatrixTest {

    private static final List<Arm> BOTH =
            Arm.of(List.of(Engine.TERN, Engine.STOCK), List.of("aligned"));

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 17, 4711})
    void secondPairOfABlockMirrorsTheFirst(long seed) {
        List<Engine> order = engines(RunMatrix.of(BOTH, 4, seed));

        assertThat(order).hasSize(8);
        for (int block = 0; block < 8; block += 4) {
            assertThat(order.get(block)).isEqualTo(order.get(block + 3));
            assertThat(order.get(block + 1)).isEqualTo(order.get(block + 2));
            assertThat(order.get(block)).isNotEqualTo(order.get(block + 1));
        }
    }

    @Test
    void seedDecidesWhoStarts() {
        Set<Engine> starters = new HashSet<>();
        for (long seed = 0; seed < 50; seed++) {
            starters.add(RunMatrix.of(BOTH, 1, seed).get(0).engine());
        }

        assertThat(starters).containsExactlyInAnyOrder(Engine.TERN, Engine.STOCK);
        assertThat(RunMatrix.of(BOTH, 5, 9)).isEqualTo(RunMatrix.of(BOTH, 5, 9));
    }

    @Test
    void runsOfAPairShareTheSeedAndOrderCounts() {
        List<RunSpec> runs = RunMatrix.of(BOTH, 3, 100);

        assertThat(runs).extracting(RunSpec::order).containsExactly(0, 1, 2, 3, 4, 5);
        assertThat(runs).allSatisfy(run -> assertThat(run.seed()).isEqualTo(100 + run.pair()));
        assertThat(runs).extracting(RunSpec::directoryName).doesNotHaveDuplicates();
    }

    @Test
    void oneEngineRunsAlone() {
        assertThat(engines(RunMatrix.of(Arm.of(List.of(Engine.STOCK), List.of("x", "y")), 3, 1)))
                .containsExactly(Engine.STOCK, Engine.STOCK, Engine.STOCK);
    }

    @Test
    void everyStrategyOfTernIsAnArmAndStockIsOne() {
        List<Arm> arms =
                Arm.of(List.of(Engine.TERN, Engine.STOCK), List.of("aligned", "stepwise"));

        assertThat(arms)
                .extracting(Arm::label)
                .containsExactly("tern-aligned", "tern-stepwise", "stock");
        assertThat(RunMatrix.of(arms, 2, 1)).hasSize(6);
    }

    @Test
    void refusesNoPairsAndRepeatedEngines() {
        assertThatThrownBy(() -> RunMatrix.of(BOTH, 0, 1)).hasMessageContaining("at least 1 pair");
        assertThatThrownBy(() -> RunMatrix.of(List.of(BOTH.get(0), BOTH.get(0)), 1, 1))
                .hasMessageContaining("different things");
        assertThatThrownBy(() -> Engine.fromLabel("flink")).hasMessageContaining("'flink'");
        for (Engine engine : Engine.values()) {
            assertThat(Engine.fromLabel(engine.label())).isEqualTo(engine);
        }
    }

    private static List<Engine> engines(List<RunSpec> runs) {
        return runs.stream().map(RunSpec::engine).toList();
    }
}
