package dev.tern.streaming.handover;

import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.runtime.checkpoint.channel.InputChannelInfo;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.streaming.runtime.io.PushingAsyncDataInput.DataOutput;
import org.apache.flink.streaming.runtime.streamrecord.StreamElementSerializer;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

import java.util.function.Supplier;

/**
 * Stands before the operator at a keyed input: what becomes of a record is up to the state of its
 * unit and the hand-over protocol. Task mailbox thread.
 *
 * @param <T> type of the records
 */
final class KeyedHandoverOutput<T> extends HandoverOutput<T> {

    private final KeySelector<T, ?> keySelector;
    private final int keyGroups;
    private final UnitRecords records;
    private final Supplier<InputChannelInfo> channelOfRecord;

    KeyedHandoverOutput(
            int input,
            DataOutput<T> operator,
            KeySelector<T, ?> keySelector,
            int keyGroups,
            UnitRecords records,
            Supplier<InputChannelInfo> channelOfRecord,
            SetAsideRecords setAside,
            StreamElementSerializer<T> serializer) {
        super(input, operator, setAside, serializer);
        this.keySelector = keySelector;
        this.keyGroups = keyGroups;
        this.records = records;
        this.channelOfRecord = channelOfRecord;
    }

    @Override
    public void emitRecord(StreamRecord<T> record) throws Exception {
        int keyGroup =
                KeyGroupRangeAssignment.assignToKeyGroup(
                        keySelector.getKey(record.getValue()), keyGroups);
        InputChannelInfo channel = channelOfRecord.get();
        switch (records.verdict(keyGroup, channel)) {
            case PROCESS -> pass(record);
            case SET_ASIDE -> setAside(records.queueOf(keyGroup, channel), record);
            case RE_ROUTE ->
                    records.lateOf(keyGroup).add(keyGroup, out -> write(record, out));
            case DEFECT ->
                    throw new IllegalStateException(
                            "A record of key group "
                                    + keyGroup
                                    + " arrived, which is "
                                    + records.stateOf(keyGroup)
                                    + " at this subtask");
        }
    }
}
