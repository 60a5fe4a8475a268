package dev.tern.streaming.network;

import org.apache.flink.runtime.event.WatermarkEvent;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.io.PushingAsyncDataInput.DataOutput;
import org.apache.flink.streaming.runtime.streamrecord.LatencyMarker;
import org.apache.flink.streaming.runtime.streamrecord.RecordAttributes;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;

import java.util.ArrayList;
import java.util.List;

/** Keeps what an input hands to its operator, in order. */
public final class RecordedOutput<T> implements DataOutput<T> {

    private final List<Object> elements = new ArrayList<>();

    @Override
    public void emitRecord(StreamRecord<T> record) {
        elements.add(record.copy(record.getValue()));
    }

    @Override
    public void emitWatermark(Watermark watermark) {
        elements.add(watermark);
    }

    @Override
    public void emitWatermarkStatus(WatermarkStatus watermarkStatus) {
        elements.add(watermarkStatus);
    }

    @Override
    public void emitLatencyMarker(LatencyMarker latencyMarker) {
        elements.add(latencyMarker);
    }

    @Override
    public void emitRecordAttributes(RecordAttributes recordAttributes) {
        elements.add(recordAttributes);
    }

    @Override
    public void emitWatermark(WatermarkEvent watermark) {
        throw new UnsupportedOperationException("no watermarks of the user's own");
    }

    /** Everything, in order. */
    public List<Object> all() {
        return List.copyOf(elements);
    }

    /** What came since the last call. */
    List<Object> take() {
        List<Object> taken = all();
        elements.clear();
        return taken;
    }

    List<T> records() {
        List<T> values = new ArrayList<>();
        of(StreamRecord.class).forEach(record -> values.add(valueOf(record)));
        return values;
    }

    @SuppressWarnings("unchecked")
    private T valueOf(StreamRecord<?> record) {
        return (T) record.getValue();
    }

    List<Long> watermarks() {
        List<Long> timestamps = new ArrayList<>();
        of(Watermark.class).forEach(watermark -> timestamps.add(watermark.getTimestamp()));
        return timestamps;
    }

    private <E> List<E> of(Class<E> type) {
        List<E> matching = new ArrayList<>();
        for (Object element : elements) {
            if (type.isInstance(element)) {
                matching.add(type.cast(element));
            }
        }
        return matching;
    }
}
