package dev.tern.streaming.handover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tern.rescale.plan.MigrationStep;
import dev.tern.rescale.plan.Move;
import dev.tern.rescale.plan.Ownership;
import dev.tern.streaming.network.RecordedOutput;

import org.apache.flink.api.common.typeutils.base.IntSerializer;
import org.apache.flink.runtime.checkpoint.channel.InputChannelInfo;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamElementSerializer;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.StatusWatermarkValve;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.File;
import java.util.BitSet;
import java.util.List;
import java.util.Map;

class HandoverOutputTest {

    private static final int KEY_GROUPS = 8;

    @TempDir private File directory;

    private final RecordedOutput<Integer> seen = new RecordedOutput<>();
    private final int ownKey = keyIn(0);
    private final int comingKey = keyIn(1);
    private final int strangeKey = keyIn(2);

    @Test
    void recordsOfOwnedUnitsPassAndThoseOfExpectedOnesWait() throws Exception {
        HandoverOutput<Integer> output = output();
        output.emitRecord(new StreamRecord<>(comingKey, 5L));
        output.emitRecord(new StreamRecord<>(ownKey, 6L));
        assertThat(seen.all()).containsExactly(new StreamRecord<>(ownKey, 6L));

        units.installed(1);
        setAside.drain(
                1,
                in -> {
                    assertThat(in.readUnsignedByte()).isZero();
                    output.replay(in);
                });
        assertThat(seen.all()).endsWith(new StreamRecord<>(comingKey, 5L));
    }

    @Test
    void aRecordOfAStrangeUnitIsADefect() throws Exception {
        HandoverOutput<Integer> output = output();
        assertThatThrownBy(() -> output.emitRecord(new StreamRecord<>(strangeKey)))
                .hasMessageContaining("key group 2 arrived, which is FOREIGN");
    }

    @Test
    void timePassesUntilItIsHeld() throws Exception {
        HandoverOutput<Integer> output = output();
        output.emitWatermark(new Watermark(10));
        output.hold();
        output.emitWatermark(new Watermark(20));
        output.emitWatermark(new Watermark(30));
        assertThat(seen.all()).containsExactly(new Watermark(10));
        output.release();
        assertThat(seen.all()).containsExactly(new Watermark(10), new Watermark(30));
        output.emitWatermark(new Watermark(40));
        assertThat(seen.all()).endsWith(new Watermark(40));
    }

    @Test
    void whileItIsHeldTimeGoesOnAsFarAsTheMarkers() throws Exception {
        HandoverOutput<Integer> output = output();
        output.begin(10);
        output.hold();
        output.emitWatermark(new Watermark(30));
        output.advanceTo(20);
        assertThat(seen.all()).containsExactly(new Watermark(20));
        output.release();
        assertThat(seen.all()).containsExactly(new Watermark(20), new Watermark(30));
    }

    /** With Flink's valve: what comes behind the marker of one channel does not count yet. */
    @Test
    void whenAllMarkersAreThereTimeIsWhereTheyWere() throws Exception {
        InputChannelInfo fast = new InputChannelInfo(0, 0);
        InputChannelInfo slow = new InputChannelInfo(0, 1);
        StatusWatermarkValve valve = new StatusWatermarkValve(2);
        TimeAtMarkers time = new TimeAtMarkers(Map.of(fast, 0, slow, 1), valve);
        HandoverOutput<Integer> output = output();
        valve.inputWatermark(new Watermark(100), 0, output);
        valve.inputWatermark(new Watermark(50), 1, output);
        assertThat(seen.all()).containsExactly(new Watermark(50));

        output.begin(time.present());
        time.begin();
        time.onAligned(fast);
        output.hold();
        valve.inputWatermark(new Watermark(200), 0, output);
        valve.inputWatermark(new Watermark(120), 1, output);
        time.onAligned(slow);
        valve.inputWatermark(new Watermark(180), 1, output);
        output.advanceTo(time.reached());
        assertThat(seen.all()).containsExactly(new Watermark(50), new Watermark(100));
        output.release();
        assertThat(seen.all()).endsWith(new Watermark(180)).hasSize(3);
    }

    @Test
    void timeNeverGoesBack() throws Exception {
        HandoverOutput<Integer> output = output();
        output.begin(10);
        output.hold();
        output.advanceTo(5);
        output.emitWatermark(new Watermark(20));
        output.advanceTo(20);
        output.release();
        assertThat(seen.all()).containsExactly(new Watermark(20));
    }

    @Test
    void anIdleStatusComesAfterTheLastWatermark() throws Exception {
        HandoverOutput<Integer> output = output();
        output.hold();
        output.emitWatermark(new Watermark(20));
        output.emitWatermarkStatus(WatermarkStatus.IDLE);
        output.release();
        assertThat(seen.all()).containsExactly(new Watermark(20), WatermarkStatus.IDLE);
    }

    @Test
    void anActiveStatusComesBeforeTheWatermarkItAllows() throws Exception {
        HandoverOutput<Integer> output = output();
        output.hold();
        output.emitWatermarkStatus(WatermarkStatus.ACTIVE);
        output.emitWatermark(new Watermark(20));
        output.release();
        assertThat(seen.all()).containsExactly(WatermarkStatus.ACTIVE, new Watermark(20));
    }

    /** Else others could go on in time, and what waits here would be late for those behind both. */
    @Test
    void theEndOfIdlenessIsNotHeldBack() throws Exception {
        HandoverOutput<Integer> output = output();
        output.hold();
        output.emitWatermarkStatus(WatermarkStatus.IDLE);
        output.emitWatermarkStatus(WatermarkStatus.ACTIVE);
        assertThat(seen.all()).containsExactly(WatermarkStatus.ACTIVE);
        output.release();
        assertThat(seen.all()).hasSize(1);
    }

    @Test
    void timeGoesOnToALimitWhileItIsHeld() throws Exception {
        HandoverOutput<Integer> output = output();
        int[] reached = {0};
        output.begin(10);
        output.hold();
        output.emitWatermark(new Watermark(15));
        assertThat(seen.all()).isEmpty();
        output.holdAt(20, () -> reached[0]++);
        assertThat(seen.all()).containsExactly(new Watermark(15));
        output.emitWatermark(new Watermark(30));
        output.emitWatermark(new Watermark(40));
        assertThat(seen.all()).containsExactly(new Watermark(15), new Watermark(20));
        assertThat(reached[0]).isEqualTo(1);
        output.release();
        assertThat(seen.all()).endsWith(new Watermark(40)).hasSize(3);
    }

    @Test
    void withNothingHeldBackReleaseSaysNothing() throws Exception {
        HandoverOutput<Integer> output = output();
        output.hold();
        output.release();
        assertThat(seen.all()).isEmpty();
    }

    private UnitTable units;
    private SetAsideRecords setAside;

    private HandoverOutput<Integer> output() {
        BitSet owned = new BitSet();
        owned.set(0);
        units = new UnitTable(0, KEY_GROUPS, owned);
        units.begin(
                new MigrationStep(
                        0, List.of(new Move(1, 1, 0)), Ownership.contiguous(KEY_GROUPS, 2)));
        setAside = new SetAsideRecords(1 << 20, new File[] {directory});
        return new KeyedHandoverOutput<>(
                0,
                seen,
                key -> key,
                KEY_GROUPS,
                new UnitRecords(units, AlignedPolicy.INSTANCE, KEY_GROUPS),
                () -> new InputChannelInfo(0, 0),
                setAside,
                new StreamElementSerializer<>(IntSerializer.INSTANCE));
    }

    private static int keyIn(int keyGroup) {
        for (int key = 0; ; key++) {
            if (KeyGroupRangeAssignment.assignToKeyGroup(key, KEY_GROUPS) == keyGroup) {
                return key;
            }
        }
    }
}
