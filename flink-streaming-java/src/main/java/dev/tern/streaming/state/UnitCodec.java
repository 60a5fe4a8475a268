package dev.tern.streaming.state;

import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

import java.io.IOException;

/**
 * Writes or reads the units of one operator. Used by one thread at a time, any thread; it shares no
 * serializer with the task.
 */
public interface UnitCodec {

    /** Writes a unit without changing it. */
    void write(OperatorUnit unit, DataOutputView out) throws IOException;

    /**
     * Builds a unit that {@link MovableState#install} takes in without copying. The backend may
     * have the entries already then, where nobody looks for them.
     */
    OperatorUnit read(int keyGroup, DataInputView in) throws IOException;

    /** A codec for another thread. */
    UnitCodec duplicate();
}
