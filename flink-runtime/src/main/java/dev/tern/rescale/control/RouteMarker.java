package dev.tern.rescale.control;

import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.runtime.event.RuntimeEvent;

import java.io.IOException;

/**
 * Separates, on one channel, the records routed under one ownership from those under the next.
 *
 * <p>Travels in order with the records; Flink ignores it.
 */
public final class RouteMarker extends RuntimeEvent {

    private long epoch;
    private int step;

    /** For deserialization. */
    public RouteMarker() {}

    public RouteMarker(long epoch, int step) {
        this.epoch = epoch;
        this.step = step;
    }

    /** The rescale. */
    public long epoch() {
        return epoch;
    }

    /** The step of its migration plan. */
    public int step() {
        return step;
    }

    @Override
    public void write(DataOutputView out) throws IOException {
        out.writeLong(epoch);
        out.writeInt(step);
    }

    @Override
    public void read(DataInputView in) throws IOException {
        epoch = in.readLong();
        step = in.readInt();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RouteMarker that && epoch == that.epoch && step == that.step;
    }

    @Override
    public int hashCode() {
        return 31 * Long.hashCode(epoch) + step;
    }

    @Override
    public String toString() {
        return "RouteMarker{epoch=" + epoch + ", step=" + step + '}';
    }
}
