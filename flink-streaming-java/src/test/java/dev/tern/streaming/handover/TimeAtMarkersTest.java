package dev.tern.streaming.handover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.streaming.handover.TimeAtMarkers.ChannelTime;

import org.junit.jupiter.api.Test;

import java.util.List;

class TimeAtMarkersTest {

    @Test
    void theSlowestChannelCounts() {
        assertThat(reached(new ChannelTime(20, true), new ChannelTime(10, true))).isEqualTo(10);
    }

    @Test
    void anIdleChannelDoesNotCount() {
        assertThat(reached(new ChannelTime(20, true), new ChannelTime(10, false))).isEqualTo(20);
    }

    /** As Flink does when the last channel becomes idle. */
    @Test
    void ifAllAreIdleTheFastestCounts() {
        assertThat(reached(new ChannelTime(20, false), new ChannelTime(10, false))).isEqualTo(20);
    }

    @Test
    void withoutChannelsThereIsNoTime() {
        assertThat(reached()).isEqualTo(Long.MIN_VALUE);
    }

    private static long reached(ChannelTime... channels) {
        return TimeAtMarkers.reached(List.of(channels));
    }
}
