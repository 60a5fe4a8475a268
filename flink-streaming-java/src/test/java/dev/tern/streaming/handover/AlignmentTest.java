package dev.tern.streaming.handover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.flink.runtime.checkpoint.channel.InputChannelInfo;

import org.junit.jupiter.api.Test;

import java.util.List;

class AlignmentTest {

    private static final InputChannelInfo FIRST = new InputChannelInfo(0, 0);
    private static final InputChannelInfo SECOND = new InputChannelInfo(0, 1);

    @Test
    void isCompleteWhenAllChannelsHaveShownTheMarker() {
        Alignment alignment = new Alignment(2, List.of());
        assertThat(alignment.onMarker(FIRST)).isTrue();
        assertThat(alignment.isComplete()).isFalse();
        assertThat(alignment.onMarker(SECOND)).isFalse();
        assertThat(alignment.isComplete()).isTrue();
    }

    @Test
    void aChannelThatEndsIsAlignedWithoutAMarker() {
        Alignment alignment = new Alignment(2, List.of());
        alignment.onMarker(FIRST);
        alignment.onEnd(SECOND);
        assertThat(alignment.isComplete()).isTrue();
    }

    @Test
    void channelsThatHaveEndedBeforeAreAligned() {
        assertThat(new Alignment(2, List.of(FIRST, SECOND)).isComplete()).isTrue();
        Alignment alignment = new Alignment(2, List.of(FIRST));
        assertThat(alignment.isComplete()).isFalse();
        assertThat(alignment.onMarker(SECOND)).isTrue();
        assertThat(alignment.isComplete()).isTrue();
    }

    @Test
    void theMarkerMayFollowTheEndOnAChannel() {
        Alignment alignment = new Alignment(2, List.of(FIRST));
        assertThat(alignment.onMarker(FIRST)).isTrue();
        alignment.onEnd(FIRST);
        assertThat(alignment.isComplete()).isFalse();
    }

    @Test
    void aMarkerThatComesTwiceIsADefect() {
        Alignment alignment = new Alignment(2, List.of());
        alignment.onMarker(FIRST);
        assertThatThrownBy(() -> alignment.onMarker(FIRST)).hasMessageContaining("twice");
    }
}
