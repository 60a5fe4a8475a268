package dev.tern.streaming.agent;

import org.apache.flink.streaming.runtime.io.AbstractStreamTaskNetworkInput;
import org.apache.flink.streaming.runtime.io.StreamInputProcessor;
import org.apache.flink.streaming.runtime.io.StreamMultipleInputProcessor;
import org.apache.flink.streaming.runtime.io.StreamOneInputProcessor;
import org.apache.flink.streaming.runtime.io.checkpointing.CheckpointedInputGate;
import org.apache.flink.streaming.runtime.tasks.StreamTask;

import java.util.ArrayList;
import java.util.List;

/** Finds the network inputs of a running task. Task mailbox thread. */
final class TaskInputs {

    private TaskInputs() {}

    /** The processors of the task's inputs, in the order of the inputs; empty for a source. */
    static List<StreamOneInputProcessor<?>> processorsOf(StreamTask<?, ?> task) {
        StreamInputProcessor processor = task.inputProcessor;
        if (processor instanceof StreamOneInputProcessor<?> one) {
            return List.of(one);
        }
        if (processor instanceof StreamMultipleInputProcessor many) {
            return List.of(many.inputProcessors);
        }
        return List.of();
    }

    /** The distinct gates of the task's network inputs. */
    static List<CheckpointedInputGate> gatesOf(StreamTask<?, ?> task) {
        List<CheckpointedInputGate> gates = new ArrayList<>();
        for (StreamOneInputProcessor<?> processor : processorsOf(task)) {
            if (processor.input instanceof AbstractStreamTaskNetworkInput<?, ?> network) {
                gates.add(network.checkpointedInputGate);
            }
        }
        return gates;
    }
}
