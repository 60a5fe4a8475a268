package dev.tern.streaming.handover;

import org.apache.flink.runtime.checkpoint.channel.InputChannelInfo;
import org.apache.flink.streaming.runtime.watermarkstatus.StatusWatermarkValve;
import org.apache.flink.streaming.runtime.watermarkstatus.StatusWatermarkValve.SubpartitionStatus;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How far time has come on the channels of one input when they showed the marker of a step.
 *
 * <p>The marker has the same place in the channels from a producer to all subtasks. So the least of
 * these times, which every old owner learns, is at least what any new owner has told downstream
 * before its own first marker. Task mailbox thread.
 */
final class TimeAtMarkers {

    /**
     * Time on one channel.
     *
     * @param counts whether the channel takes part in the minimum; not while it is idle, or has not
     *     caught up after it was
     */
    record ChannelTime(long watermark, boolean counts) {}

    private final Map<InputChannelInfo, Integer> numbers;
    private final StatusWatermarkValve valve;
    private final Map<InputChannelInfo, ChannelTime> shown = new HashMap<>();

    /**
     * @param numbers of the channels in the valve; changes with them
     * @param valve combines the watermarks of the input
     */
    TimeAtMarkers(Map<InputChannelInfo, Integer> numbers, StatusWatermarkValve valve) {
        this.numbers = numbers;
        this.valve = valve;
    }

    /** A step begins: no channel has shown its marker. */
    void begin() {
        shown.clear();
    }

    /** The channel shows the marker of the step, or brings nothing any more. */
    void onAligned(InputChannelInfo channel) {
        if (numbers.containsKey(channel)) {
            shown.putIfAbsent(channel, now(channel));
        }
    }

    /** What has gone on from the input to the operator, if nothing is kept back. */
    long present() {
        return valve.lastOutputWatermark;
    }

    /** The time that all channels had come to; those that say no more are where they ended. */
    long reached() {
        List<ChannelTime> times =
                numbers.keySet().stream()
                        .map(channel -> shown.getOrDefault(channel, now(channel)))
                        .toList();
        return reached(times);
    }

    /** What Flink's valve makes of such channels: the minimum, or the maximum if all are idle. */
    static long reached(Collection<ChannelTime> channels) {
        return channels.stream()
                .filter(ChannelTime::counts)
                .mapToLong(ChannelTime::watermark)
                .min()
                .orElseGet(
                        () ->
                                channels.stream()
                                        .mapToLong(ChannelTime::watermark)
                                        .max()
                                        .orElse(Long.MIN_VALUE));
    }

    private ChannelTime now(InputChannelInfo channel) {
        Collection<SubpartitionStatus> statuses =
                valve.subpartitionStatuses.get(numbers.get(channel)).values();
        return new ChannelTime(
                statuses.stream().mapToLong(status -> status.watermark).min().orElseThrow(),
                statuses.stream().allMatch(status -> status.isWatermarkAligned));
    }
}
