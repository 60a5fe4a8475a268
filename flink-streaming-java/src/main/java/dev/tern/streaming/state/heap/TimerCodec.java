package dev.tern.streaming.state.heap;

import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.runtime.state.heap.HeapPriorityQueueElement;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * Bytes of the timers of a key group: for each queue its name, the number of timers and the timers.
 * Used by one thread at a time.
 */
public final class TimerCodec {

    private final Map<String, TypeSerializer<?>> queues;

    /** Takes ownership of the serializers. */
    TimerCodec(Map<String, TypeSerializer<?>> queues) {
        this.queues = queues;
    }

    /** A codec for another thread. */
    public TimerCodec duplicate() {
        Map<String, TypeSerializer<?>> own = new HashMap<>();
        queues.forEach((name, serializer) -> own.put(name, serializer.duplicate()));
        return new TimerCodec(own);
    }

    /** Writes the timers without changing them. */
    public void write(
            Map<String, HashMap<HeapPriorityQueueElement, HeapPriorityQueueElement>> timers,
            DataOutputView out)
            throws IOException {
        out.writeShort(timers.size());
        for (Map.Entry<String, HashMap<HeapPriorityQueueElement, HeapPriorityQueueElement>> queue :
                timers.entrySet()) {
            out.writeUTF(queue.getKey());
            TypeSerializer<HeapPriorityQueueElement> serializer = serializer(queue.getKey());
            out.writeInt(queue.getValue().size());
            for (HeapPriorityQueueElement timer : queue.getValue().keySet()) {
                serializer.serialize(timer, out);
            }
        }
    }

    /** Reads what {@link #write} wrote. */
    public Map<String, HashMap<HeapPriorityQueueElement, HeapPriorityQueueElement>> read(
            DataInputView in) throws IOException {
        Map<String, HashMap<HeapPriorityQueueElement, HeapPriorityQueueElement>> timers =
                new HashMap<>();
        for (int left = in.readShort(); left > 0; left--) {
            String name = in.readUTF();
            timers.put(name, readQueue(serializer(name), in));
        }
        return timers;
    }

    private static HashMap<HeapPriorityQueueElement, HeapPriorityQueueElement> readQueue(
            TypeSerializer<HeapPriorityQueueElement> serializer, DataInputView in)
            throws IOException {
        int size = in.readInt();
        HashMap<HeapPriorityQueueElement, HeapPriorityQueueElement> timers =
                new HashMap<>(HeapCodec.capacity(size));
        for (int i = 0; i < size; i++) {
            HeapPriorityQueueElement timer = serializer.deserialize(in);
            timers.put(timer, timer);
        }
        return timers;
    }

    @SuppressWarnings("unchecked")
    private TypeSerializer<HeapPriorityQueueElement> serializer(String queue) throws IOException {
        return (TypeSerializer<HeapPriorityQueueElement>) HeapCodec.known(queues, queue);
    }
}
