package dev.tern.streaming.network;

import org.apache.flink.streaming.runtime.io.PushingAsyncDataInput.DataOutput;
import org.apache.flink.streaming.runtime.watermarkstatus.StatusWatermarkValve;
import org.apache.flink.streaming.runtime.watermarkstatus.StatusWatermarkValve.SubpartitionStatus;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Adds and removes channels of the valve that combines watermarks. Task mailbox thread. */
final class ValveResizer {

    private ValveResizer() {}

    /**
     * Appends a late channel. It starts active, at the watermark the valve has last emitted.
     *
     * <p>Why at that watermark: the new producer will soon emit records of key groups whose former
     * owner is a channel here too, with a watermark that is not behind the valve's. Lower, and the
     * channel would take no part in the minimum until it has caught up: the others could overtake
     * it, and its records would be late. Higher, and the valve could run ahead of it.
     *
     * <p>Why active, even if all other channels are idle: a task that starts is active without
     * saying so. Were its channel idle here, its watermarks would be ignored until it happens to
     * become idle and active again. So an idle valve wakes up, as it would at any first sign of
     * life; a producer that is idle will say so in a moment.
     */
    static void append(StatusWatermarkValve valve, int subpartition, DataOutput<?> output)
            throws Exception {
        SubpartitionStatus status = new SubpartitionStatus();
        status.watermark = valve.lastOutputWatermark;
        status.watermarkStatus = WatermarkStatus.ACTIVE;
        status.isWatermarkAligned = true;
        Map<Integer, SubpartitionStatus> channel = new HashMap<>();
        channel.put(subpartition, status);
        valve.subpartitionStatuses.add(channel);
        valve.alignedSubpartitionStatuses.add(status);
        int channels = valve.subpartitionIndexes.length;
        valve.subpartitionIndexes = Arrays.copyOf(valve.subpartitionIndexes, channels + 1);
        valve.subpartitionIndexes[channels] = subpartition;
        if (valve.lastOutputWatermarkStatus.isIdle()) {
            valve.lastOutputWatermarkStatus = WatermarkStatus.ACTIVE;
            output.emitWatermarkStatus(WatermarkStatus.ACTIVE);
        }
    }

    /**
     * Removes a channel; the numbers above it drop by one. It becomes idle first, if it has not
     * said so itself, and with that stops holding the others back.
     */
    static void remove(StatusWatermarkValve valve, int number, DataOutput<?> output)
            throws Exception {
        valve.inputWatermarkStatus(WatermarkStatus.IDLE, number, output);
        valve.subpartitionStatuses.remove(number);
        int[] indexes = valve.subpartitionIndexes;
        int[] remaining = Arrays.copyOf(indexes, indexes.length - 1);
        System.arraycopy(indexes, number + 1, remaining, number, remaining.length - number);
        valve.subpartitionIndexes = remaining;
    }
}
