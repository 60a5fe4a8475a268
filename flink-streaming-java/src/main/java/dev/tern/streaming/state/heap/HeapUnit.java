package dev.tern.streaming.state.heap;

import dev.tern.streaming.state.OperatorUnit;

import org.apache.flink.runtime.state.heap.CopyOnWriteStateMap;
import org.apache.flink.runtime.state.heap.HeapPriorityQueueElement;

import java.util.HashMap;
import java.util.Map;

/**
 * A key group of one operator's heap state.
 *
 * @param maps the entries of each state that has any, by name of the state
 * @param queues the timers of each queue that has any, by name of the queue; each maps to itself,
 *     as the queue keeps them
 */
record HeapUnit(
        Map<String, CopyOnWriteStateMap<?, ?, ?>> maps,
        Map<String, HashMap<HeapPriorityQueueElement, HeapPriorityQueueElement>> queues)
        implements OperatorUnit {

    @Override
    public long entries() {
        return maps.values().stream().mapToLong(CopyOnWriteStateMap::size).sum();
    }

    @Override
    public long timers() {
        return queues.values().stream().mapToLong(HashMap::size).sum();
    }
}
