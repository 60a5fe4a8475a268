package dev.tern.streaming.handover;

import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.runtime.event.WatermarkEvent;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.io.PushingAsyncDataInput.DataOutput;
import org.apache.flink.streaming.runtime.io.StreamOneInputProcessor;
import org.apache.flink.streaming.runtime.streamrecord.LatencyMarker;
import org.apache.flink.streaming.runtime.streamrecord.RecordAttributes;
import org.apache.flink.streaming.runtime.streamrecord.StreamElementSerializer;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;

import org.apache.flink.core.memory.DataInputView;

/**
 * Stands between one input of a task and its operator while units move.
 *
 * <p>Records of expected units are set aside, others pass. While the hold is on, watermarks and
 * idleness are kept back: a watermark must not overtake what is set aside, and the timers of a unit
 * must not fire at its old owner for a time that its records at the new one have not reached. Task
 * mailbox thread.
 *
 * @param <T> type of the records
 */
final class HandoverOutput<T> implements DataOutput<T> {

    private final int input;
    private final DataOutput<T> operator;
    private final KeySelector<T, ?> keySelector;
    private final int keyGroups;
    private final UnitTable units;
    private final SetAsideRecords setAside;
    private final StreamElementSerializer<T> serializer;

    private boolean held;
    private Watermark heldWatermark;
    private WatermarkStatus heldStatus;

    HandoverOutput(
            int input,
            DataOutput<T> operator,
            KeySelector<T, ?> keySelector,
            int keyGroups,
            UnitTable units,
            SetAsideRecords setAside,
            StreamElementSerializer<T> serializer) {
        this.input = input;
        this.operator = operator;
        this.keySelector = keySelector;
        this.keyGroups = keyGroups;
        this.units = units;
        this.setAside = setAside;
        this.serializer = serializer;
    }

    /** From now on the input's records come here. */
    void install(StreamOneInputProcessor<T> processor) {
        processor.output = this;
    }

    /** The input's records go straight to the operator again. */
    void remove(StreamOneInputProcessor<T> processor) {
        // At the end of its data an input gets another output; that one stays.
        if (processor.output == this) {
            processor.output = operator;
        }
    }

    @Override
    public void emitRecord(StreamRecord<T> record) throws Exception {
        int keyGroup =
                KeyGroupRangeAssignment.assignToKeyGroup(
                        keySelector.getKey(record.getValue()), keyGroups);
        switch (units.of(keyGroup)) {
            case OWNED, LEAVING -> operator.emitRecord(record);
            case EXPECTED ->
                    setAside.add(
                            keyGroup,
                            out -> {
                                out.writeByte(input);
                                serializer.serialize(record, out);
                            });
            case LEFT, FOREIGN ->
                    throw new IllegalStateException(
                            "A record of key group "
                                    + keyGroup
                                    + " arrived, which is "
                                    + units.of(keyGroup)
                                    + " at this subtask");
        }
    }

    /** Processes one record that was set aside by this input. */
    void replay(DataInputView in) throws Exception {
        operator.emitRecord(serializer.deserialize(in).asRecord());
    }

    /** Keeps time back from now on. */
    void hold() {
        held = true;
    }

    /** Lets time go on with what it has become. */
    void release() throws Exception {
        held = false;
        Watermark watermark = heldWatermark;
        WatermarkStatus status = heldStatus;
        heldWatermark = null;
        heldStatus = null;
        // An active status comes before the watermark it allows, an idle one after the last.
        if (status != null && status.isActive()) {
            operator.emitWatermarkStatus(status);
        }
        if (watermark != null) {
            operator.emitWatermark(watermark);
        }
        if (status != null && status.isIdle()) {
            operator.emitWatermarkStatus(status);
        }
    }

    @Override
    public void emitWatermark(Watermark watermark) throws Exception {
        if (held) {
            heldWatermark = watermark;
        } else {
            operator.emitWatermark(watermark);
        }
    }

    @Override
    public void emitWatermarkStatus(WatermarkStatus status) throws Exception {
        if (held) {
            heldStatus = status;
        } else {
            operator.emitWatermarkStatus(status);
        }
    }

    @Override
    public void emitLatencyMarker(LatencyMarker marker) throws Exception {
        operator.emitLatencyMarker(marker);
    }

    @Override
    public void emitRecordAttributes(RecordAttributes attributes) throws Exception {
        operator.emitRecordAttributes(attributes);
    }

    @Override
    public void emitWatermark(WatermarkEvent watermark) throws Exception {
        operator.emitWatermark(watermark);
    }
}
