package dev.tern.streaming.handover;

import org.apache.flink.runtime.checkpoint.channel.InputChannelInfo;
import org.apache.flink.streaming.runtime.io.PushingAsyncDataInput.DataOutput;
import org.apache.flink.streaming.runtime.streamrecord.StreamElementSerializer;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Stands before the operator at a broadcast input. Records that follow the marker of a step on their
 * channel wait until the units of the step have left and arrived: so each unit, and each copy of
 * broadcast state, is touched by every such record once, at the owner it has by then. Task mailbox
 * thread.
 *
 * @param <T> type of the records
 */
final class BroadcastHandoverOutput<T> extends HandoverOutput<T> {

    private final Supplier<InputChannelInfo> channelOfRecord;
    private final int queue;
    private final Set<InputChannelInfo> behindMarker = new HashSet<>();

    /**
     * @param channelOfRecord the channel the present record came from
     * @param queue under which records are set aside; all broadcast inputs of a task share one
     */
    BroadcastHandoverOutput(
            int input,
            DataOutput<T> operator,
            Supplier<InputChannelInfo> channelOfRecord,
            int queue,
            SetAsideRecords setAside,
            StreamElementSerializer<T> serializer) {
        super(input, operator, setAside, serializer);
        this.channelOfRecord = channelOfRecord;
        this.queue = queue;
    }

    /** A step begins: no channel has shown its marker. */
    void begin() {
        behindMarker.clear();
    }

    /** A channel of this input has shown the marker of the step, or brings no record any more. */
    void onAligned(InputChannelInfo channel) {
        behindMarker.add(channel);
    }

    /** How many channels of this input that is. */
    int aligned() {
        return behindMarker.size();
    }

    @Override
    public void emitRecord(StreamRecord<T> record) throws Exception {
        if (isHeld() && behindMarker.contains(channelOfRecord.get())) {
            setAside(queue, record);
        } else {
            pass(record);
        }
    }
}
