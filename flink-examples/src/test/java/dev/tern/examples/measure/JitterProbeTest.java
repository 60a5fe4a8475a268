package dev.tern.examples.measure;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(20)
class JitterProbeTest {

    @Test
    void showsTheLongestGapThatEndedInASpan() throws Exception {
        JitterProbe probe = JitterProbe.start();
        probe.close();
        long far = probe.startMicros() + 3_600_000_000L;
        probe.record(far, far + 2_000);
        probe.record(far, far + 7_000);
        probe.record(far, far + 4_000);
        probe.record(far + 99_000, far + 108_000);

        assertThat(probe.maxMillis(new Span(far, far + 1))).isEqualTo(7);
        assertThat(probe.maxMillis(new Span(far, far + 100_000))).isEqualTo(7);
        assertThat(probe.maxMillis(new Span(far, far + 100_001))).isEqualTo(9);
        assertThat(probe.maxMillis(new Span(far + 200_000, far + 300_000))).isZero();
    }

    @Test
    void probesWhileItIsOpen() throws Exception {
        JitterProbe probe = JitterProbe.start();
        Span since = new Span(probe.startMicros(), probe.startMicros() + 10_000_000);
        while (probe.maxMillis(since) == 0) {
            Thread.onSpinWait();
        }
        probe.close();
        assertThat(probe.maxMillis(since)).isGreaterThan(0.5);
    }
}
