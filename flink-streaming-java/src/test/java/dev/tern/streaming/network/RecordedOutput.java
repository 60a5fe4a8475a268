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
final class RecordedOutput implements DataOutput<Long> {

    private final List<Object> elements = new ArrayList<>();

    @Override
    public void emitRecord(StreamRecord<Long> record) {
        elements.add(record.getValue());
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

    List<Object> all() {
        return List.copyOf(elements);
    }

    /** What came since the last call. */
    List<Object> take() {
        List<Object> taken = all();
        elements.clear();
        return taken;
    }

    List<Long> records() {
        return of(Long.class);
    }

    List<Long> watermarks() {
        List<Long> timestamps = new ArrayList<>();
        of(Watermark.class).forEach(watermark -> timestamps.add(watermark.getTimestamp()));
        return timestamps;
    }

    private <T> List<T> of(Class<T> type) {
        List<T> matching = new ArrayList<>();
        for (Object element : elements) {
            if (type.isInstance(element)) {
                matching.add(type.cast(element));
            }
        }
        return matching;
    }
}
