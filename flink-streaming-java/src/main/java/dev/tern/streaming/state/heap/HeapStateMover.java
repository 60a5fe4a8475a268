package dev.tern.streaming.state.heap;

import dev.tern.streaming.state.MovableState;
import dev.tern.streaming.state.StateMover;

import org.apache.flink.runtime.state.CheckpointableKeyedStateBackend;
import org.apache.flink.runtime.state.heap.HeapKeyedStateBackend;

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
    public MovableState open(CheckpointableKeyedStateBackend<?> backend) {
        return new HeapState<>((HeapKeyedStateBackend<?>) backend);
    }
}
