package dev.tern.streaming.network;

import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.runtime.event.RuntimeEvent;

import java.io.IOException;

/** A marker that separates records routed before from those routed after. */
public final class TestMarker extends RuntimeEvent {

    private int epoch;

    /** For deserialization. */
    public TestMarker() {}

    TestMarker(int epoch) {
        this.epoch = epoch;
    }

    int epoch() {
        return epoch;
    }

    @Override
    public void write(DataOutputView out) throws IOException {
        out.writeInt(epoch);
    }

    @Override
    public void read(DataInputView in) throws IOException {
        epoch = in.readInt();
    }
}
