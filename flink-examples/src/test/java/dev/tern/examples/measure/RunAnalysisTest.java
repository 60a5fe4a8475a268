package dev.tern.examples.measure;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

import java.util.List;

import static dev.tern.examples.measure.Arrivals.millis;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

class RunAnalysisTest {

    /** Histograms keep three significant digits. */
    private static final Offset<Double> DIGITS = within(0.1);

    private static final Schedule SCHEDULE = Schedule.steady(0, 1000);

    /** One record per millisecond, each output so many milliseconds after it was due. */
    private static Arrivals steady(int records, long latencyMillis) {
        Arrivals arrivals = new Arrivals();
        for (int i = 0; i < records; i++) {
            arrivals.add(i, i, i + latencyMillis);
        }
        return arrivals;
    }

    @Test
    void latencyBelongsToTheSpanInWhichARecordWasDue() {
        RunAnalysis run =
                RunAnalysis.of(new Arrivals().add(0, 9, 11).add(1, 10, 13).add(2, 19, 99).log());
        LatencyFigures figures = run.latency(millis(10, 19));
        assertThat(figures.records()).isEqualTo(1);
        assertThat(figures.max()).isCloseTo(3, DIGITS);
        assertThat(run.latency(millis(10, 20)).max()).isCloseTo(80, DIGITS);
        assertThat(run.latency(millis(200, 300))).isEqualTo(new LatencyFigures(0, 0, 0, 0, 0));
    }

    @Test
    void percentilesAreThoseOfTheRank() {
        Arrivals arrivals = new Arrivals();
        for (int i = 0; i < 1000; i++) {
            arrivals.add(i, 0, i + 1);
        }
        LatencyFigures figures = RunAnalysis.of(arrivals.log()).latency(millis(0, 1));
        assertThat(figures.p50()).isCloseTo(500, within(0.6));
        assertThat(figures.p99()).isCloseTo(990, within(0.6));
        assertThat(figures.p999()).isCloseTo(999, within(0.6));
        assertThat(figures.max()).isCloseTo(1000, within(0.6));
    }

    @Test
    void latencyEndsWithTheFirstOutput() {
        RunAnalysis run =
                RunAnalysis.of(new Arrivals().add(0, 0, 40).add(0, 0, 5).add(0, 0, 60).log());
        assertThat(run.latency(millis(0, 1)).max()).isCloseTo(5, DIGITS);
    }

    @Test
    void lostRecordsWaitUntilTheEndOfTheRun() {
        Arrivals arrivals = new Arrivals().add(0, 0, 1).add(2, 2, 100);
        RunAnalysis run = RunAnalysis.of(arrivals.log(), SCHEDULE, 4);
        assertThat(run.latency(millis(1, 2)).max()).isCloseTo(99, DIGITS);
        assertThat(run.latency(millis(3, 4)).max()).isCloseTo(97, DIGITS);
        assertThat(run.backlog(100_000)).isEqualTo(2);
        assertThatThrownBy(() -> RunAnalysis.of(arrivals.log(), SCHEDULE, -1))
                .hasMessageContaining("0 or more, got -1");
    }

    @Test
    void gapIncludesTheEdgesOfTheSpan() {
        RunAnalysis run =
                RunAnalysis.of(new Arrivals().add(0, 0, 10).add(1, 0, 30).add(2, 0, 35).log());
        assertThat(run.gapMillis(millis(0, 40))).isEqualTo(20);
        assertThat(run.gapMillis(millis(5, 31))).isEqualTo(20);
        assertThat(run.gapMillis(millis(29, 60))).isEqualTo(25);
        assertThat(run.gapMillis(millis(11, 29))).isEqualTo(18);
        assertThat(run.gapMillis(millis(30, 36))).isEqualTo(5);
    }

    @Test
    void lostServiceIsTheWaitBeyondTheBaseTail() {
        Arrivals arrivals = steady(1000, 2);
        for (int i = 1000; i < 1010; i++) {
            arrivals.add(i, i, i + 502);
        }
        RunAnalysis run = RunAnalysis.of(arrivals.log());
        assertThat(run.lostService(millis(0, 1000), millis(1000, 2000)))
                .isCloseTo(10 * 0.5, within(0.001));
        assertThat(run.lostService(millis(0, 1000), millis(1000, 1005)))
                .isCloseTo(5 * 0.5, within(0.001));
    }

    @Test
    void lostServiceLeavesOutWhatTheBaseLosesToo() {
        Arrivals arrivals = steady(2000, 2);
        arrivals.add(2000, 999, 1501).add(2001, 1999, 2501);
        RunAnalysis run = RunAnalysis.of(arrivals.log());
        assertThat(run.lostService(millis(0, 1000), millis(1000, 2000)))
                .isCloseTo(0, within(0.001));
    }

    @Test
    void minThroughputIsTheWorstWholeSecond() {
        Arrivals arrivals = new Arrivals();
        for (int i = 0; i < 3000; i++) {
            // Nothing leaves from 1.2 s to 1.7 s.
            arrivals.add(i, i, i >= 1200 && i < 1700 ? 2000 : i);
        }
        RunAnalysis run = RunAnalysis.of(arrivals.log());
        assertThat(run.minThroughput(millis(0, 3000))).isCloseTo(0.5, within(1e-9));
        assertThat(run.minThroughput(millis(0, 1000))).isCloseTo(1.0, within(1e-9));
        assertThat(run.minThroughput(millis(5000, 6000))).isZero();
    }

    @Test
    void backlogIsWhatIsDueAndNotOutput() {
        RunAnalysis run = RunAnalysis.of(new Arrivals().add(0, 10, 20).add(1, 15, 20).log());
        assertThat(run.backlog(9_999)).isZero();
        assertThat(run.backlog(10_000)).isEqualTo(1);
        assertThat(run.backlog(19_999)).isEqualTo(2);
        assertThat(run.backlog(20_000)).isZero();
    }

    @Test
    void firstReliefIsTheFirstOutputOfANewSubtaskAfterTheTrigger() {
        RunAnalysis run =
                RunAnalysis.of(
                        new Arrivals()
                                .add(0, 0, 1, 0, 90, 2, 0)
                                .add(1, 0, 2, 0, 110, 1, 0)
                                .add(2, 0, 3, 0, 125, 2, 0)
                                .log());
        assertThat(run.firstReliefMillis(100_000, 2)).isEqualTo(25);
        assertThat(run.firstReliefMillis(125_000, 2)).isZero();
        assertThat(run.firstReliefMillis(125_001, 2)).isEqualTo(-1);
        assertThat(run.firstReliefMillis(100_000, 3)).isEqualTo(-1);
    }

    @Test
    void undisturbedRunHasRecoveredAtOnce() {
        RunAnalysis run = RunAnalysis.of(steady(30_000, 2).log());
        assertThat(run.recoveredMillis(millis(0, 5000), millis(5000, 25_000))).isZero();
    }

    @Test
    void recoveredAtTheEndOfTheLastDisturbedWindow() {
        RunAnalysis run = RunAnalysis.of(disturbedAt(7000).log());
        assertThat(run.recoveredMillis(millis(0, 5000), millis(5000, 25_000))).isEqualTo(2100);
        assertThat(run.recoveredMillis(millis(0, 5000), millis(5000, 17_100))).isEqualTo(2100);
        assertThat(run.recoveredMillis(millis(0, 5000), millis(5000, 17_000))).isEqualTo(-1);
    }

    /** Each record takes 2 ms, but those of the 100 ms from a time on take 20 ms. */
    private static Arrivals disturbedAt(int fromMillis) {
        Arrivals arrivals = new Arrivals();
        for (int i = 0; i < 30_000; i++) {
            arrivals.add(i, i, i + (i >= fromMillis && i < fromMillis + 100 ? 20 : 2));
        }
        return arrivals;
    }

    @Test
    void intervalsCoverTheSpanWithoutOverlap() {
        RunAnalysis run = RunAnalysis.of(steady(1000, 2).log());
        List<IntervalFigures> series = run.intervals(millis(0, 250), 100_000);
        assertThat(series).extracting(IntervalFigures::startMicros).containsExactly(0L, 100_000L);
        assertThat(series).extracting(at -> at.latency().records()).containsExactly(100L, 100L);
        assertThat(series).extracting(IntervalFigures::outputs).containsExactly(98L, 100L);
        assertThat(series).extracting(IntervalFigures::backlog).containsExactly(2L, 2L);
    }

    @Test
    void figuresCombineBaseAndHorizon() {
        RunAnalysis run = RunAnalysis.of(disturbedAt(7000).log(), SCHEDULE, 30_000);
        RunFigures figures = RunFigures.of(run, millis(0, 5000), millis(5000, 25_000), 1);
        assertThat(figures.baseMax()).isCloseTo(2, DIGITS);
        assertThat(figures.peak()).isCloseTo(20, DIGITS);
        assertThat(figures.recovered()).isEqualTo(2100);
        assertThat(figures.firstRelief()).isEqualTo(-1);
        assertThat(figures.fields()).containsEntry("lost", 0L).containsKeys("gap", "p999");
        assertThat(run.whole()).isEqualTo(new Span(0, 30_001_001));
    }
}
