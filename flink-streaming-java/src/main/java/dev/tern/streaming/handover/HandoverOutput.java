package dev.tern.streaming.handover;

import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.runtime.event.WatermarkEvent;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.io.PushingAsyncDataInput.DataOutput;
import org.apache.flink.streaming.runtime.io.StreamOneInputProcessor;
import org.apache.flink.streaming.runtime.streamrecord.LatencyMarker;
import org.apache.flink.streaming.runtime.streamrecord.RecordAttributes;
import org.apache.flink.streaming.runtime.streamrecord.StreamElementSerializer;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;

import java.io.IOException;

/**
 * Stands between one input of a task and its operator while units move.
 *
 * <p>While the hold is on, watermarks and idleness are kept back, but not the end of it: a watermark
 * must not overtake what is set aside, and the timers of a unit must not fire at its old owner for a
 * time that its records at the new one have not reached. Task mailbox thread.
 *
 * @param <T> type of the records
 */
abstract class HandoverOutput<T> implements DataOutput<T> {

    private final int input;
    private final DataOutput<T> operator;
    private final SetAsideRecords setAside;
    private final StreamElementSerializer<T> serializer;

    private boolean held;
    private long limit;
    private Runnable atLimit;
    private long passed = Long.MIN_VALUE;
    private Watermark heldWatermark;
    private WatermarkStatus heldStatus;

    /**
     * @param input number of the input at its task
     * @param operator where records go
     */
    HandoverOutput(
            int input,
            DataOutput<T> operator,
            SetAsideRecords setAside,
            StreamElementSerializer<T> serializer) {
        this.input = input;
        this.operator = operator;
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

    /** The record is processed now. */
    final void pass(StreamRecord<T> record) throws Exception {
        operator.emitRecord(record);
    }

    /** The record waits in this queue, behind those that are there. */
    final void setAside(long queue, StreamRecord<T> record) throws IOException {
        setAside.add(queue, out -> write(record, out));
    }

    /** Writes a record so that {@link HandoverInputs#process} can read it, here or elsewhere. */
    final void write(StreamRecord<T> record, DataOutputView out) throws IOException {
        out.writeByte(input);
        serializer.serialize(record, out);
    }

    /** Processes one record that was set aside by this input. */
    void replay(DataInputView in) throws Exception {
        operator.emitRecord(serializer.deserialize(in).asRecord());
    }

    final boolean isHeld() {
        return held;
    }

    /**
     * A step begins; nothing is kept back.
     *
     * @param present the time the operator has been told
     */
    void begin(long present) {
        passed = present;
    }

    /** Keeps time back from now on. */
    void hold() {
        held = true;
        limit = Long.MIN_VALUE;
        atLimit = null;
    }

    /**
     * Lets time go on to this point while it is kept back, as it comes.
     *
     * @param reached is run when time has come to it, unless it has already
     */
    void holdAt(long time, Runnable reached) throws Exception {
        limit = time;
        atLimit = isAt(time) ? null : reached;
        if (heldWatermark != null) {
            goOn(heldWatermark);
        }
    }

    /** Whether time has come to this point. */
    boolean isAt(long time) {
        return passed >= time;
    }

    private void goOn(Watermark watermark) throws Exception {
        advanceTo(Math.min(limit, watermark.getTimestamp()));
        if (atLimit != null && isAt(limit)) {
            Runnable reached = atLimit;
            atLimit = null;
            reached.run();
        }
    }

    /** Lets time go on to this point, and no further while it is kept back. */
    void advanceTo(long time) throws Exception {
        if (time > passed) {
            pass(new Watermark(time));
        }
    }

    private void pass(Watermark watermark) throws Exception {
        passed = watermark.getTimestamp();
        operator.emitWatermark(watermark);
    }

    /** Lets time go on with what it has become. */
    void release() throws Exception {
        held = false;
        Watermark watermark = heldWatermark;
        WatermarkStatus status = heldStatus;
        heldWatermark = null;
        heldStatus = null;
        if (watermark != null && watermark.getTimestamp() > passed) {
            pass(watermark);
        }
        if (status != null) {
            operator.emitWatermarkStatus(status);
        }
    }

    @Override
    public void emitWatermark(Watermark watermark) throws Exception {
        if (held) {
            heldWatermark = watermark;
            goOn(watermark);
        } else {
            pass(watermark);
        }
    }

    @Override
    public void emitWatermarkStatus(WatermarkStatus status) throws Exception {
        if (held && status.isIdle()) {
            heldStatus = status;
        } else {
            // Nobody downstream may go on without this subtask while its records wait.
            heldStatus = null;
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
