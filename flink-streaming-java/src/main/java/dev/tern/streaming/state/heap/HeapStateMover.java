package dev.tern.streaming.state.heap;

import dev.tern.streaming.state.MovableState;
import dev.tern.streaming.state.StateMover;

import org.apache.flink.runtime.state.CheckpointableKeyedStateBackend;
import org.apache.flink.runtime.state.KeyGroupedInternalPriorityQueue;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.runtime.state.heap.HeapKeyedStateBackend;

import java.util.List;
import java.util.function.Supplier;

/** Moves state of the heap backend. */
public final class HeapStateMover implements StateMover {

    @Override
    public String name() {
        return "hashmap";
    }

    @Override
    public boolean supports(CheckpointableKeyedStateBackend<?> backend) {
        return backend instanceof HeapKeyedStateBackend;
    }

    @Override
    public boolean supports(StateBackend configured) {
        return configured instanceof HashMapStateBackend;
    }

    @Override
    public MovableState open(
            CheckpointableKeyedStateBackend<?> backend, Supplier<List<KeyGroupedInternalPriorityQueue<?>>> timers) {
        return new HeapState<>((HeapKeyedStateBackend<?>) backend);
    }
}
