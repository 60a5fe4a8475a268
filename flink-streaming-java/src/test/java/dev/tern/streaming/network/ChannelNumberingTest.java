package dev.tern.streaming.network;

import org.apache.flink.runtime.checkpoint.channel.InputChannelInfo;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

/** Numbers of channels that belong to two gates of one input. */
class ChannelNumberingTest {

    private static final InputChannelInfo A0 = new InputChannelInfo(0, 0);
    private static final InputChannelInfo A1 = new InputChannelInfo(0, 1);
    private static final InputChannelInfo A2 = new InputChannelInfo(0, 2);
    private static final InputChannelInfo B0 = new InputChannelInfo(1, 0);
    private static final InputChannelInfo B1 = new InputChannelInfo(1, 1);

    @Test
    void removalFromTheMiddleClosesTheGap() {
        Map<InputChannelInfo, Integer> numbers = Map.of(A0, 0, A1, 1, B0, 2, B1, 3, A2, 4);

        assertThat(ChannelNumbering.without(numbers, List.of(A1)))
                .isEqualTo(Map.of(A0, 0, B0, 1, B1, 2, A2, 3));
    }

    @Test
    void removalOfSeveralKeepsTheOrderOfTheOthers() {
        Map<InputChannelInfo, Integer> numbers = Map.of(A0, 0, A1, 1, B0, 2, B1, 3, A2, 4);

        assertThat(ChannelNumbering.without(numbers, List.of(A1, A2, B0)))
                .isEqualTo(Map.of(A0, 0, B1, 1));
        assertThat(ChannelNumbering.descending(numbers, List.of(A1, A2, B0)))
                .containsExactly(4, 2, 1);
    }

    @Test
    void removalOfNothingChangesNothing() {
        Map<InputChannelInfo, Integer> numbers = Map.of(A0, 0, B0, 1);

        assertThat(ChannelNumbering.without(numbers, List.of())).isEqualTo(numbers);
    }
}
