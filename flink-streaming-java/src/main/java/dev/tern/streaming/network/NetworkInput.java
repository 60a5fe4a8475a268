package dev.tern.streaming.network;

import org.apache.flink.runtime.checkpoint.channel.InputChannelInfo;
import org.apache.flink.runtime.io.network.api.serialization.RecordDeserializer;
import org.apache.flink.runtime.io.network.api.serialization.SpillingAdaptiveSpanningRecordDeserializer;
import org.apache.flink.runtime.io.network.partition.consumer.InputGate;
import org.apache.flink.runtime.io.network.partition.consumer.SingleInputGate;
import org.apache.flink.runtime.io.network.partition.consumer.UnionInputGate;
import org.apache.flink.runtime.jobgraph.IntermediateDataSetID;
import org.apache.flink.streaming.runtime.io.AbstractStreamTaskNetworkInput;
import org.apache.flink.streaming.runtime.io.PushingAsyncDataInput.DataOutput;
import org.apache.flink.streaming.runtime.io.RecoverableStreamTaskInput;
import org.apache.flink.streaming.runtime.io.StreamInputProcessor;
import org.apache.flink.streaming.runtime.io.StreamMultipleInputProcessor;
import org.apache.flink.streaming.runtime.io.StreamOneInputProcessor;
import org.apache.flink.streaming.runtime.io.checkpointing.CheckpointedInputGate;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * One network input of a task, which reads one gate or the union of several, seen from one of its
 * gates. Task mailbox thread.
 */
final class NetworkInput {

    private final StreamOneInputProcessor<?> processor;
    private final AbstractStreamTaskNetworkInput<?, ?> input;
    private final SingleInputGate gate;

    private NetworkInput(
            StreamOneInputProcessor<?> processor,
            AbstractStreamTaskNetworkInput<?, ?> input,
            SingleInputGate gate) {
        this.processor = processor;
        this.input = input;
        this.gate = gate;
    }

    /**
     * Finds the input through which a task reads a result.
     *
     * @throws IllegalArgumentException if there is none
     */
    static NetworkInput locate(TaskInputs task, IntermediateDataSetID result) {
        return all(task).stream()
                .filter(input -> input.gate.consumedResultId.equals(result))
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        task.name() + " does not read result " + result + "."));
    }

    /** The task's inputs, seen from each of their gates. */
    static List<NetworkInput> all(TaskInputs task) {
        List<NetworkInput> inputs = new ArrayList<>();
        for (StreamOneInputProcessor<?> processor : processorsOf(task)) {
            if (HeldInput.behind(processor.input)
                    instanceof AbstractStreamTaskNetworkInput<?, ?> input) {
                for (InputGate gate : gatesOf(input.checkpointedInputGate.inputGate)) {
                    // The gate itself, not the wrapper that counts for metrics.
                    SingleInputGate unwrapped = gate.getChannel(0).inputGate;
                    inputs.add(new NetworkInput(processor, input, unwrapped));
                }
            }
        }
        return inputs;
    }

    SingleInputGate gate() {
        return gate;
    }

    CheckpointedInputGate checkpointedGate() {
        return input.checkpointedInputGate;
    }

    /** Refuses what cannot be resized, before anything has changed. */
    void checkResizable() {
        if (input instanceof RecoverableStreamTaskInput) {
            throw new IllegalStateException(
                    gate + " still distributes records from a checkpoint of another parallelism.");
        }
        if (!input.watermarkCombiners.isEmpty()) {
            throw new IllegalStateException(gate + " combines watermarks of the user's own.");
        }
        if (input.statusWatermarkValve.isInputChannelShared) {
            throw new IllegalStateException(gate + " reads several subpartitions of a producer.");
        }
    }

    /** Accounts for late channels, which come last in this input whatever gate they belong to. */
    void add(Collection<InputChannelInfo> channels, int subpartition, String[] spillDirectories)
            throws Exception {
        renumberUnion();
        for (InputChannelInfo channel : channels) {
            Map<InputChannelInfo, Integer> numbers = input.flattenedChannelIndices;
            numbers.put(channel, numbers.size());
            putDeserializer(channel, spillDirectories);
            AttributesResizer.append(input.recordAttributesCombiner);
            ValveResizer.append(input.statusWatermarkValve, subpartition, output());
        }
    }

    /** Forgets channels that have left the gate. */
    void remove(Collection<InputChannelInfo> channels) throws Exception {
        renumberUnion();
        Map<InputChannelInfo, Integer> numbers = input.flattenedChannelIndices;
        List<Integer> descending = ChannelNumbering.descending(numbers, channels);
        Map<InputChannelInfo, Integer> remaining = ChannelNumbering.without(numbers, channels);
        numbers.clear();
        numbers.putAll(remaining);
        channels.forEach(this::dropDeserializer);
        for (int number : descending) {
            AttributesResizer.remove(input.recordAttributesCombiner, number, output());
            ValveResizer.remove(input.statusWatermarkValve, number, output());
        }
    }

    private DataOutput<?> output() {
        return processor.output;
    }

    private void renumberUnion() {
        if (checkpointedGate().inputGate instanceof UnionInputGate) {
            UnionRenumbering.renumber((UnionInputGate) checkpointedGate().inputGate);
        }
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private void putDeserializer(InputChannelInfo channel, String[] spillDirectories) {
        ((Map) input.recordDeserializers)
                .put(channel, new SpillingAdaptiveSpanningRecordDeserializer<>(spillDirectories));
    }

    /** A channel that ended by itself has none any more. */
    private void dropDeserializer(InputChannelInfo channel) {
        RecordDeserializer<?> deserializer = input.recordDeserializers.remove(channel);
        if (deserializer == null) {
            return;
        }
        if (deserializer == input.currentRecordDeserializer) {
            input.currentRecordDeserializer = null;
        }
        deserializer.clear();
    }

    private static StreamOneInputProcessor<?>[] processorsOf(TaskInputs task) {
        StreamInputProcessor processor = task.processor();
        if (processor instanceof StreamOneInputProcessor) {
            return new StreamOneInputProcessor<?>[] {(StreamOneInputProcessor<?>) processor};
        }
        if (processor instanceof StreamMultipleInputProcessor) {
            return ((StreamMultipleInputProcessor) processor).inputProcessors;
        }
        throw new IllegalStateException(
                String.format(
                        "The inputs of %s cannot be found behind a %s.",
                        task.name(),
                        processor == null ? "missing processor" : processor.getClass().getName()));
    }

    private static Collection<InputGate> gatesOf(InputGate gate) {
        return gate instanceof UnionInputGate
                ? ((UnionInputGate) gate).inputGatesByGateIndex.values()
                : List.of(gate);
    }
}
