package dev.tern.streaming.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.rescale.control.RouteMarker;

import org.apache.flink.runtime.checkpoint.channel.InputChannelInfo;

import org.junit.jupiter.api.Test;

import java.util.List;

class DrainTest {

    private static final long EPOCH = 7;

    private final Drain drain = new Drain(EPOCH, 2, List.of());
    private int told;

    @Test
    void tellsOnceAllChannelsHaveShownTheMarker() {
        drain.whenDone(() -> told++);
        show(0, EPOCH);
        assertThat(told).isZero();
        show(1, EPOCH);
        assertThat(told).isEqualTo(1);
    }

    @Test
    void markersMayComeBeforeAnybodyAsks() {
        show(0, EPOCH);
        show(1, EPOCH);
        drain.whenDone(() -> told++);
        assertThat(told).isEqualTo(1);
    }

    @Test
    void markersOfOtherRescalesDoNotCount() {
        drain.whenDone(() -> told++);
        show(0, EPOCH);
        show(1, EPOCH - 1);
        assertThat(told).isZero();
    }

    @Test
    void aChannelThatEndsNeedsNoMarker() {
        drain.whenDone(() -> told++);
        show(0, EPOCH);
        drain.onEnd(new InputChannelInfo(0, 1));
        assertThat(told).isEqualTo(1);
    }

    @Test
    void channelsThatHaveEndedBeforeNeedNone() {
        InputChannelInfo first = new InputChannelInfo(0, 0);
        Drain drain = new Drain(EPOCH, 1, List.of(first));
        drain.whenDone(() -> told++);
        assertThat(told).isEqualTo(1);
        // Its producer is still there and has switched.
        drain.onMarker(first, new RouteMarker(EPOCH, 0));
        assertThat(told).isEqualTo(1);
    }

    private void show(int channel, long epoch) {
        drain.onMarker(new InputChannelInfo(0, channel), new RouteMarker(epoch, 0));
    }
}
