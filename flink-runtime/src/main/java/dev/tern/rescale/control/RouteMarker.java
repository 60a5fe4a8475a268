package dev.tern.rescale.control;

import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.runtime.event.RuntimeEvent;

import java.io.IOException;

/**
 * Separates, on one channel, the records routed under one ownership from those under the next.
 *
 * <p>Travels in order with the records, and so separates them, or overtakes them, and so tells early
 * that they will be separated; Flink ignores it.
 */
public final class RouteMarker extends RuntimeEvent {

    private long epoch;
    private int step;
    private boolean overtakes;

    /** For deserialization. */
    public RouteMarker() {}

    public RouteMarker(long epoch, int step) {
        this.epoch = epoch;
        this.step = step;
    }

    /** One that goes ahead of the records. */
    public static RouteMarker overtaking(long epoch, int step) {
        RouteMarker marker = new RouteMarker(epoch, step);
        marker.overtakes = true;
        return marker;
    }

    /** Whether it goes ahead of the records, and separates nothing. */
    public boolean overtakes() {
        return overtakes;
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
        out.writeBoolean(overtakes);
    }

    @Override
    public void read(DataInputView in) throws IOException {
        epoch = in.readLong();
        step = in.readInt();
        overtakes = in.readBoolean();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RouteMarker that
                && epoch == that.epoch
                && step == that.step
                && overtakes == that.overtakes;
    }

    @Override
    public int hashCode() {
        return 31 * (31 * Long.hashCode(epoch) + step) + Boolean.hashCode(overtakes);
    }

    @Override
    public String toString() {
        return "RouteMarker{epoch=" + epoch + ", step=" + step + (overtakes ? ", overtakes}" : "}");
    }
}
