package dev.tern.experiments.measure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;

class CpuTimesTest {

    @Test
    void waitingForDisksIsNotBusyAndGuestsAreNotCountedTwice() {
        CpuTimes times =
                CpuTimes.parse(
                        List.of("cpu  100 10 50 800 40 0 0 0 77 0", "cpu0 1 1 1 1 1 0 0 0 0 0"));

        assertThat(times).isEqualTo(new CpuTimes(160, 1000));
    }

    @Test
    void shareIsOfTheTimeBetween() {
        CpuTimes earlier = new CpuTimes(160, 1000);

        assertThat(new CpuTimes(210, 1200).shareSince(earlier)).isEqualTo(0.25);
        assertThat(earlier.shareSince(earlier)).isNaN();
    }

    @Test
    void probesGivePlausibleFloors() throws Exception {
        Floors floors = FloorProbes.probe();

        assertThat(floors.memcpyBytesPerSecond()).isBetween(1e8, 1e12);
        assertThat(floors.loopbackBytesPerSecond()).isBetween(1e7, 1e11);
        assertThat(floors.handOffMicros()).isBetween(0.1, 1e5);
    }
}
