package dev.tern.streaming.handover;

import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.streaming.runtime.io.PushingAsyncDataInput.DataOutput;
import org.apache.flink.streaming.runtime.streamrecord.StreamElementSerializer;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Stands before the operator at a keyed input: what becomes of a record is up to the state of its
 * unit and the hand-over protocol. Task mailbox thread.
 *
 * @param <T> type of the records
 */
final class KeyedHandoverOutput<T> extends HandoverOutput<T> {

    private final KeySelector<T, ?> keySelector;
    private final int keyGroups;
    private final UnitTable units;
    private final HandoverPolicy policy;

    KeyedHandoverOutput(
            int input,
            DataOutput<T> operator,
            KeySelector<T, ?> keySelector,
            int keyGroups,
            UnitTable units,
            HandoverPolicy policy,
            SetAsideRecords setAside,
            StreamElementSerializer<T> serializer) {
        super(input, operator, setAside, serializer);
        this.keySelector = keySelector;
        this.keyGroups = keyGroups;
        this.units = units;
        this.policy = policy;
    }

    @Override
    public void emitRecord(StreamRecord<T> record) throws Exception {
        int keyGroup =
                KeyGroupRangeAssignment.assignToKeyGroup(
                        keySelector.getKey(record.getValue()), keyGroups);
        switch (policy.verdict(units.of(keyGroup))) {
            case PROCESS -> pass(record);
            case SET_ASIDE -> setAside(keyGroup, record);
            case DEFECT ->
                    throw new IllegalStateException(
                            "A record of key group "
                                    + keyGroup
                                    + " arrived, which is "
                                    + units.of(keyGroup)
                                    + " at this subtask");
        }
    }
}
