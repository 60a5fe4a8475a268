package dev.tern.experiments.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.experiments.matrix.Engine;
import dev.tern.experiments.rest.LiveProof;
import dev.tern.experiments.rest.ProvenMode;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;

class TablesTest {

    private static final List<RunResult> RUNS =
            List.of(Runs.tern(0, 100, 40), Runs.stock(0, 4000, 3800), Runs.tern(1, 120, 44));

    @Test
    void tableShowsMediansPerEngineAndEveryGoal() {
        assertThat(ResultTable.of(RUNS, Goals.judge(RUNS, 1)))
                .contains("| median of the runs | tern-aligned | stock |")
                .contains("| peak latency, ms | 110 | 4,000 |")
                .contains("| output gap, ms | 42.0 | 3,800 |")
                .contains("| aligned | mode | LIVE, proven, in every run | 2 of 2 runs | yes |");
    }

    @Test
    void tableShowsADashForWhatIsUnknown() {
        RunResult unknown =
                Runs.run(
                        Engine.STOCK,
                        0,
                        10,
                        10,
                        new RunResult.Rescale("RESTART", 1, -1, -1, -1, -1, 0, Double.NaN, 1),
                        new LiveProof(ProvenMode.RESTART, List.of()),
                        Runs.EXACT);

        assertThat(ResultTable.of(List.of(unknown), List.of())).contains("| checkpoint, ms | - |");
    }

    @Test
    void csvHasOneRowPerRunAndInterval() {
        String[] rows = LatencyCsv.of(RUNS).split("\n");

        assertThat(rows).hasSize(1 + 3 * 4);
        assertThat(rows[0]).isEqualTo("arm,pair,offset_ms,p50_ms,p99_ms,max_ms,records");
        assertThat(rows[3]).isEqualTo("tern-aligned,0,0,50.000,90.000,100.000,500");
    }

    @Test
    void remainingTimeUsesTheGuessFirstAndMeasuredTimesThen() {
        Duration guess = Duration.ofSeconds(100);

        assertThat(Progress.remaining(Duration.ofSeconds(5), 0, 4, guess))
                .isEqualTo(Duration.ofSeconds(400));
        assertThat(Progress.remaining(Duration.ofSeconds(120), 2, 4, guess))
                .isEqualTo(Duration.ofSeconds(120));
        assertThat(Progress.remaining(Duration.ofSeconds(120), 4, 4, guess)).isZero();
    }
}
