package dev.tern.examples.source;

import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceOutput;

import java.util.ArrayList;
import java.util.List;

/** Keeps what a reader emits. */
final class CollectedOutput implements ReaderOutput<String> {

    final List<String> elements = new ArrayList<>();

    @Override
    public void collect(String element) {
        elements.add(element);
    }

    @Override
    public void collect(String element, long timestamp) {
        throw new UnsupportedOperationException("Elements have no timestamps.");
    }

    @Override
    public void emitWatermark(Watermark watermark) {
        throw new UnsupportedOperationException("There are no watermarks.");
    }

    @Override
    public void markIdle() {}

    @Override
    public void markActive() {}

    @Override
    public SourceOutput<String> createOutputForSplit(String splitId) {
        throw new UnsupportedOperationException("Splits share one output.");
    }

    @Override
    public void releaseOutputForSplit(String splitId) {}
}
