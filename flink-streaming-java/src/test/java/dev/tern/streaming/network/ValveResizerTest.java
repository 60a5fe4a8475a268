package dev.tern.streaming.network;

import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.watermarkstatus.StatusWatermarkValve;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Watermarks of an input whose channels come and go. */
class ValveResizerTest {

    private static final WatermarkStatus IDLE = WatermarkStatus.IDLE;
    private static final WatermarkStatus ACTIVE = WatermarkStatus.ACTIVE;

    private final RecordedOutput<Long> output = new RecordedOutput<>();
    private StatusWatermarkValve valve = new StatusWatermarkValve(2);

    @Test
    void lateChannelCannotBeOvertaken() throws Exception {
        watermark(0, 10);
        watermark(1, 10);
        append();
        output.take();

        watermark(0, 20);
        watermark(1, 20);
        assertThat(output.all()).isEmpty();

        watermark(2, 15);
        assertThat(output.take()).containsExactly(new Watermark(15));
        watermark(2, 30);
        assertThat(output.take()).containsExactly(new Watermark(20));
    }

    @Test
    void lateChannelCannotMakeTheWatermarkRegress() throws Exception {
        watermark(0, 10);
        watermark(1, 10);
        append();
        output.take();

        watermark(2, 5);
        watermark(2, 10);

        assertThat(output.all()).isEmpty();
    }

    @Test
    void lateChannelOfAnInputWithoutWatermarksIsLikeAnyOther() throws Exception {
        append();

        watermark(0, 10);
        watermark(1, 10);
        assertThat(output.all()).isEmpty();
        watermark(2, 7);

        assertThat(output.all()).containsExactly(new Watermark(7));
    }

    @Test
    void lateChannelThatBecomesIdleReleasesTheOthers() throws Exception {
        watermark(0, 10);
        watermark(1, 10);
        append();
        watermark(0, 20);
        watermark(1, 25);
        output.take();

        status(2, IDLE);

        assertThat(output.all()).containsExactly(new Watermark(20));
    }

    @Test
    void lateChannelWakesAnIdleInput() throws Exception {
        watermark(0, 10);
        watermark(1, 12);
        status(0, IDLE);
        status(1, IDLE);
        output.take();

        append();
        assertThat(output.take()).containsExactly(ACTIVE);
        watermark(2, 20);
        assertThat(output.take())
                .as("a producer that starts active never says so; its watermarks count at once")
                .containsExactly(new Watermark(20));
    }

    @Test
    void idleInputFallsIdleAgainWithItsLateChannel() throws Exception {
        watermark(0, 10);
        watermark(1, 12);
        status(0, IDLE);
        status(1, IDLE);
        append();
        output.take();

        status(2, IDLE);

        assertThat(output.all()).containsExactly(IDLE);
    }

    @Test
    void formerChannelsResumeBesideALateOne() throws Exception {
        watermark(0, 10);
        watermark(1, 10);
        status(0, IDLE);
        status(1, IDLE);
        append();
        output.take();

        status(0, ACTIVE);
        watermark(0, 30);
        assertThat(output.all()).as("held by the late channel").isEmpty();
        watermark(2, 20);

        assertThat(output.all()).containsExactly(new Watermark(20));
    }

    @Test
    void removedChannelNoLongerHoldsTheOthersBack() throws Exception {
        valve = new StatusWatermarkValve(3);
        watermark(0, 20);
        watermark(1, 30);
        watermark(2, 10);
        output.take();

        ValveResizer.remove(valve, 2, output);

        assertThat(output.all()).containsExactly(new Watermark(20));
    }

    @Test
    void removedIdleChannelIsNotMissed() throws Exception {
        append();
        status(2, IDLE);
        ValveResizer.remove(valve, 2, output);

        watermark(0, 20);
        watermark(1, 30);

        assertThat(output.all()).containsExactly(new Watermark(20));
    }

    @Test
    void removalOfTheLastActiveChannelMakesTheInputIdle() throws Exception {
        status(0, IDLE);
        ValveResizer.remove(valve, 1, output);
        assertThat(output.take()).containsExactly(IDLE);

        status(0, ACTIVE);
        watermark(0, 5);
        assertThat(output.all()).containsExactly(ACTIVE, new Watermark(5));
    }

    @Test
    void removalFromTheMiddleKeepsTheNumbersOfTheOthersInStep() throws Exception {
        valve = new StatusWatermarkValve(4);
        watermark(0, 40);
        watermark(1, 1);
        watermark(2, 20);
        watermark(3, 30);
        output.take();

        ValveResizer.remove(valve, 1, output);
        assertThat(output.take()).containsExactly(new Watermark(20));

        watermark(1, 35);
        assertThat(output.take()).containsExactly(new Watermark(30));
        watermark(2, 50);
        assertThat(output.take()).containsExactly(new Watermark(35));
    }

    @Test
    void channelsComeAndGoManyTimes() throws Exception {
        long time = 0;
        for (int round = 0; round < 50; round++) {
            append();
            append();
            time++;
            for (int channel = 0; channel < 4; channel++) {
                watermark(channel, time);
            }
            assertThat(output.take()).containsExactly(new Watermark(time));
            ValveResizer.remove(valve, 3, output);
            status(2, IDLE);
            ValveResizer.remove(valve, 2, output);
        }
        assertThat(valve.subpartitionStatuses).hasSize(2);
        assertThat(valve.subpartitionIndexes).hasSize(2);
        assertThat(valve.alignedSubpartitionStatuses.size()).isEqualTo(2);
    }

    private void append() throws Exception {
        ValveResizer.append(valve, 0, output);
    }

    private void watermark(int channel, long timestamp) throws Exception {
        valve.inputWatermark(new Watermark(timestamp), channel, output);
    }

    private void status(int channel, WatermarkStatus status) throws Exception {
        valve.inputWatermarkStatus(status, channel, output);
    }
}
