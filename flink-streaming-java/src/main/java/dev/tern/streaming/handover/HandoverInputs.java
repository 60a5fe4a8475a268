package dev.tern.streaming.handover;

import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.streaming.api.graph.StreamConfig;
import org.apache.flink.streaming.runtime.io.AbstractStreamTaskNetworkInput;
import org.apache.flink.streaming.runtime.io.StreamOneInputProcessor;
import org.apache.flink.streaming.runtime.streamrecord.StreamElementSerializer;
import org.apache.flink.streaming.runtime.tasks.StreamTask;

import java.util.ArrayList;
import java.util.List;

/** The inputs of a task while units move. Task mailbox thread. */
final class HandoverInputs {

    private final List<HandoverOutput<?>> outputs = new ArrayList<>();
    private final SetAsideRecords setAside;
    private boolean held;

    HandoverInputs(
            StreamTask<?, ?> task,
            List<StreamOneInputProcessor<?>> processors,
            int keyGroups,
            UnitTable units,
            SetAsideRecords setAside) {
        this.setAside = setAside;
        for (int input = 0; input < processors.size(); input++) {
            outputs.add(output(task, input, processors.get(input), keyGroups, units));
        }
    }

    private <T> HandoverOutput<T> output(
            StreamTask<?, ?> task,
            int input,
            StreamOneInputProcessor<T> processor,
            int keyGroups,
            UnitTable units) {
        StreamConfig config = new StreamConfig(task.getEnvironment().getTaskConfiguration());
        ClassLoader classLoader = task.getEnvironment().getUserCodeClassLoader().asClassLoader();
        KeySelector<T, ?> keySelector = config.getStatePartitioner(input, classLoader);
        if (keySelector == null) {
            throw new IllegalStateException("Input " + input + " of the task is not keyed");
        }
        TypeSerializer<T> serializer =
                ((AbstractStreamTaskNetworkInput<T, ?>) processor.input).inputSerializer;
        return new HandoverOutput<>(
                input,
                processor,
                keySelector,
                keyGroups,
                units,
                setAside,
                new StreamElementSerializer<>(serializer.duplicate()));
    }

    void install() {
        outputs.forEach(HandoverOutput::install);
    }

    void remove() {
        outputs.forEach(HandoverOutput::remove);
    }

    void hold() {
        held = true;
        outputs.forEach(HandoverOutput::hold);
    }

    void release() throws Exception {
        if (held) {
            held = false;
            for (HandoverOutput<?> output : outputs) {
                output.release();
            }
        }
    }

    /** Processes what was set aside for a unit; returns how long its first record waited. */
    long replay(int keyGroup) throws Exception {
        return setAside.drain(keyGroup, in -> outputs.get(in.readUnsignedByte()).replay(in));
    }
}
