package dev.tern.streaming.handover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.streaming.network.RecordedOutput;

import org.apache.flink.api.common.typeutils.base.IntSerializer;
import org.apache.flink.runtime.checkpoint.channel.InputChannelInfo;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamElementSerializer;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.File;
class BroadcastHandoverOutputTest {

    private static final int QUEUE = 8;
    private static final InputChannelInfo FIRST = new InputChannelInfo(0, 0);
    private static final InputChannelInfo SECOND = new InputChannelInfo(0, 1);

    @TempDir private File directory;

    private final RecordedOutput<Integer> seen = new RecordedOutput<>();
    private InputChannelInfo channel = FIRST;

    @Test
    void onlyWhatFollowsTheMarkerOnItsChannelWaits() throws Exception {
        SetAsideRecords setAside = new SetAsideRecords(1 << 20, new File[] {directory});
        BroadcastHandoverOutput<Integer> output = output(setAside);
        output.begin();
        output.emitRecord(new StreamRecord<>(1));
        output.onAligned(FIRST);
        output.hold();
        output.emitRecord(new StreamRecord<>(2));
        channel = SECOND;
        output.emitRecord(new StreamRecord<>(3));
        assertThat(seen.all()).containsExactly(new StreamRecord<>(1), new StreamRecord<>(3));
        assertThat(output.aligned()).isEqualTo(1);

        output.onAligned(SECOND);
        output.emitRecord(new StreamRecord<>(4));
        output.emitWatermark(new Watermark(9));
        assertThat(output.aligned()).isEqualTo(2);
        assertThat(seen.all()).hasSize(2);

        setAside.drain(
                QUEUE,
                in -> {
                    assertThat(in.readUnsignedByte()).isEqualTo(1);
                    output.replay(in);
                });
        output.release();
        output.emitRecord(new StreamRecord<>(5));
        assertThat(seen.all().subList(2, 6))
                .containsExactly(
                        new StreamRecord<>(2),
                        new StreamRecord<>(4),
                        new Watermark(9),
                        new StreamRecord<>(5));
    }

    @Test
    void withoutAHoldNothingWaits() throws Exception {
        BroadcastHandoverOutput<Integer> output =
                output(new SetAsideRecords(1 << 20, new File[] {directory}));
        output.begin();
        output.onAligned(FIRST);
        output.emitRecord(new StreamRecord<>(1));
        assertThat(seen.all()).containsExactly(new StreamRecord<>(1));
    }

    @Test
    void everyStepHasMarkersOfItsOwn() {
        BroadcastHandoverOutput<Integer> output =
                output(new SetAsideRecords(1 << 20, new File[] {directory}));
        output.begin();
        output.onAligned(FIRST);
        output.begin();
        assertThat(output.aligned()).isZero();
    }

    private BroadcastHandoverOutput<Integer> output(SetAsideRecords setAside) {
        return new BroadcastHandoverOutput<>(
                1,
                seen,
                () -> channel,
                QUEUE,
                setAside,
                new StreamElementSerializer<>(IntSerializer.INSTANCE));
    }
}
