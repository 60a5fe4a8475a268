package dev.tern.examples.measure;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ScheduleTest {

    private static final Schedule FILLED = new Schedule(1_000_000, 10, 1000, 500_000, 100);

    @Test
    void recordsFollowEachOtherAtTheRate() {
        Schedule steady = Schedule.steady(1_000_000, 1000);
        assertThat(steady.scheduledMicros(0)).isEqualTo(1_000_000);
        assertThat(steady.scheduledMicros(1)).isEqualTo(1_001_000);
        assertThat(steady.scheduledMicros(3000)).isEqualTo(4_000_000);
        assertThat(steady.steadyStartMicros()).isEqualTo(1_000_000);
    }

    @Test
    void fillPhaseAndPausePrecedeTheSteadyPhase() {
        assertThat(FILLED.scheduledMicros(9)).isEqualTo(1_009_000);
        assertThat(FILLED.steadyStartMicros()).isEqualTo(1_510_000);
        assertThat(FILLED.scheduledMicros(10)).isEqualTo(1_510_000);
        assertThat(FILLED.scheduledMicros(11)).isEqualTo(1_520_000);
    }

    @Test
    void dueCountsTheRecordsUpToAndIncludingATime() {
        assertThat(FILLED.dueAt(999_999)).isZero();
        assertThat(FILLED.dueAt(1_000_000)).isEqualTo(1);
        assertThat(FILLED.dueAt(1_000_999)).isEqualTo(1);
        assertThat(FILLED.dueAt(1_009_000)).isEqualTo(10);
        assertThat(FILLED.dueAt(1_509_999)).isEqualTo(10);
        assertThat(FILLED.dueAt(1_510_000)).isEqualTo(11);
        assertThat(FILLED.dueAt(1_520_000)).isEqualTo(12);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.3, 7, 333.3, 4999.7, 1_000_000, 3_000_000})
    void dueAgreesWithTheTimesOfTheRecords(double rate) {
        Schedule schedule = Schedule.steady(1_700_000_000_000_000L, rate);
        for (long record = 1; record < 10_000_000_000L; record = record * 3 + 1) {
            long due = schedule.scheduledMicros(record);
            assertThat(schedule.dueAt(due)).isGreaterThan(record);
            assertThat(schedule.dueAt(due - 1)).isLessThanOrEqualTo(record);
        }
    }

    @Test
    void isTheSameAfterAWriteAndARead(@TempDir Path directory) throws Exception {
        assertThat(Schedule.existsIn(directory)).isFalse();
        FILLED.writeTo(directory);
        Schedule odd = new Schedule(5, 3, 0.1, 7, 1.0 / 3);
        odd.writeTo(directory);
        assertThat(Schedule.existsIn(directory)).isTrue();
        assertThat(Schedule.read(directory)).isEqualTo(odd);
    }

    @Test
    void refusesRatesThatLeadNowhere() {
        assertThatThrownBy(() -> Schedule.steady(0, 0)).hasMessageContaining("rates above 0");
        assertThatThrownBy(() -> Schedule.steady(0, Double.NaN))
                .hasMessageContaining("rates above 0");
        assertThatThrownBy(() -> new Schedule(0, -1, 1, 0, 1)).hasMessageContaining("0 or more");
    }
}
