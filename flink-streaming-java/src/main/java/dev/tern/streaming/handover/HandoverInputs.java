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

/** The inputs of a task while units move: nothing overtakes them. Task mailbox thread. */
final class HandoverInputs {

    /** An input's processor with what stands before its operator and before its end. */
    private record Interception<T>(
            StreamOneInputProcessor<T> processor, HandoverOutput<T> output, HeldInput<T> input) {

        void install() {
            output.install(processor);
            processor.input = input;
        }

        void remove() {
            output.remove(processor);
            input.release();
            if (!input.hasEndToTell() && processor.input == input) {
                processor.input = input.input();
            }
        }
    }

    private final List<Interception<?>> inputs = new ArrayList<>();
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
            inputs.add(intercept(task, input, processors.get(input), keyGroups, units));
        }
    }

    private <T> Interception<T> intercept(
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
        return new Interception<>(
                processor,
                new HandoverOutput<>(
                        input,
                        processor.output,
                        keySelector,
                        keyGroups,
                        units,
                        setAside,
                        new StreamElementSerializer<>(serializer.duplicate())),
                new HeldInput<>(processor.input));
    }

    void install() {
        inputs.forEach(Interception::install);
    }

    void remove() {
        inputs.forEach(Interception::remove);
    }

    void hold() {
        held = true;
        inputs.forEach(input -> input.output().hold());
    }

    void release() throws Exception {
        if (held) {
            held = false;
            for (Interception<?> input : inputs) {
                input.output().release();
            }
        }
    }

    /** Processes what was set aside for a unit; returns how long its first record waited. */
    long replay(int keyGroup) throws Exception {
        return setAside.drain(keyGroup, in -> inputs.get(in.readUnsignedByte()).output().replay(in));
    }
}
