package dev.tern.streaming.state.rocksdb;

import dev.tern.streaming.state.OperatorUnit;

import org.apache.flink.runtime.state.heap.HeapPriorityQueueElement;

import java.util.HashMap;
import java.util.Map;

/** A key group of one operator's state in RocksDB, with the timers that are kept on the heap. */
sealed interface RocksUnit extends OperatorUnit {

    /** Timers of each queue on the heap that has any. */
    Map<String, HashMap<HeapPriorityQueueElement, HeapPriorityQueueElement>> heapTimers();

    @Override
    default long timers() {
        return heapTimers().values().stream().mapToLong(HashMap::size).sum();
    }

    /**
     * One that has left: its entries are still in the database of its old owner.
     *
     * @param snapshot null if the key group had timers on the heap and nothing else
     */
    record Departed(
            int keyGroup,
            PinnedSnapshot snapshot,
            Map<String, HashMap<HeapPriorityQueueElement, HeapPriorityQueueElement>> heapTimers)
            implements RocksUnit {

        @Override
        public long entries() {
            return 0;
        }

        @Override
        public void close() {
            if (snapshot != null) {
                snapshot.release();
            }
        }
    }

    /**
     * One that has come: its entries are in the database of its new owner.
     *
     * @param entries how many, timers in the database included
     * @param columns where they are
     */
    record Arrived(
            long entries,
            ArrivingColumns columns,
            Map<String, HashMap<HeapPriorityQueueElement, HeapPriorityQueueElement>> heapTimers)
            implements RocksUnit {}
}
