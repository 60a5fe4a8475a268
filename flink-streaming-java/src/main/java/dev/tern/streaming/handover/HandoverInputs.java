package dev.tern.streaming.handover;

import dev.tern.streaming.network.HeldInput;

import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.runtime.checkpoint.channel.InputChannelInfo;
import org.apache.flink.streaming.api.graph.StreamConfig;
import org.apache.flink.streaming.runtime.io.AbstractStreamTaskNetworkInput;
import org.apache.flink.streaming.runtime.io.StreamOneInputProcessor;
import org.apache.flink.streaming.runtime.io.checkpointing.CheckpointedInputGate;
import org.apache.flink.streaming.runtime.streamrecord.StreamElementSerializer;
import org.apache.flink.streaming.runtime.tasks.StreamTask;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The inputs of a task while units move: nothing overtakes them. Task mailbox thread. */
final class HandoverInputs {

    /** An input's processor with what stands before its operator. */
    private record Interception<T>(
            StreamOneInputProcessor<T> processor, HandoverOutput<T> output, TimeAtMarkers time) {

        void begin() {
            output.install(processor);
            output.begin(time.present());
            time.begin();
        }

        void catchUp() throws Exception {
            output.advanceTo(time.reached());
        }

        void remove() {
            output.remove(processor);
        }
    }

    private final List<Interception<?>> inputs = new ArrayList<>();
    private final Map<CheckpointedInputGate, BroadcastHandoverOutput<?>> broadcasts =
            new IdentityHashMap<>();
    private final SetAsideRecords setAside;
    private final int broadcastQueue;
    private boolean held;

    HandoverInputs(
            StreamTask<?, ?> task,
            List<StreamOneInputProcessor<?>> processors,
            int keyGroups,
            UnitRecords records,
            SetAsideRecords setAside) {
        this.setAside = setAside;
        this.broadcastQueue = keyGroups;
        for (int input = 0; input < processors.size(); input++) {
            inputs.add(intercept(task, input, processors.get(input), keyGroups, records));
        }
    }

    private <T> Interception<T> intercept(
            StreamTask<?, ?> task,
            int input,
            StreamOneInputProcessor<T> processor,
            int keyGroups,
            UnitRecords records) {
        StreamConfig config = new StreamConfig(task.getEnvironment().getTaskConfiguration());
        ClassLoader classLoader = task.getEnvironment().getUserCodeClassLoader().asClassLoader();
        AbstractStreamTaskNetworkInput<T, ?> network =
                (AbstractStreamTaskNetworkInput<T, ?>) HeldInput.behind(processor.input);
        StreamElementSerializer<T> serializer =
                new StreamElementSerializer<>(network.inputSerializer.duplicate());
        KeySelector<T, ?> keySelector = config.getStatePartitioner(input, classLoader);
        HandoverOutput<T> output;
        if (keySelector != null) {
            output =
                    new KeyedHandoverOutput<>(
                            input,
                            processor.output,
                            keySelector,
                            keyGroups,
                            records,
                            () -> network.lastChannel,
                            setAside,
                            serializer);
        } else {
            BroadcastHandoverOutput<T> broadcast =
                    new BroadcastHandoverOutput<>(
                            input,
                            processor.output,
                            () -> network.lastChannel,
                            broadcastQueue,
                            setAside,
                            serializer);
            broadcasts.put(network.checkpointedInputGate, broadcast);
            output = broadcast;
        }
        return new Interception<>(
                processor,
                output,
                new TimeAtMarkers(
                        network.flattenedChannelIndices, network.statusWatermarkValve));
    }

    /** Whether some input is broadcast. */
    boolean hasBroadcast() {
        return !broadcasts.isEmpty();
    }

    /**
     * Whether all channels of broadcast inputs have shown the marker or have ended; true if there are
     * none.
     */
    boolean isBroadcastAligned() {
        return broadcasts.entrySet().stream()
                .allMatch(e -> e.getValue().aligned() == e.getKey().getNumberOfInputChannels());
    }

    /**
     * A step begins.
     *
     * @param ended channels on which no record comes any more
     */
    void begin(Set<InputChannelInfo> ended) {
        inputs.forEach(Interception::begin);
        broadcasts.forEach(
                (gate, broadcast) -> {
                    broadcast.begin();
                    gate.getChannelInfos().stream()
                            .filter(ended::contains)
                            .forEach(broadcast::onAligned);
                });
    }

    /** A channel shows the marker of the step, or brings no record any more. */
    void onAligned(CheckpointedInputGate gate, InputChannelInfo channel) {
        BroadcastHandoverOutput<?> broadcast = broadcasts.get(gate);
        if (broadcast != null) {
            broadcast.onAligned(channel);
        }
        inputs.forEach(input -> input.time().onAligned(channel));
    }

    /**
     * All channels have shown the marker: time goes on to where they were then. Else a timer could
     * leave that the new owner has passed, and what it does there would be late downstream.
     */
    void catchUp() throws Exception {
        for (Interception<?> input : inputs) {
            input.catchUp();
        }
    }

    /** How far time has come at each input. */
    long[] times() {
        return inputs.stream().mapToLong(input -> input.time().present()).toArray();
    }

    /**
     * Time, which is held, goes on to these points as it comes.
     *
     * @param reached is run when an input comes to its point
     */
    void holdAt(long[] times, Runnable reached) throws Exception {
        for (int input = 0; input < times.length; input++) {
            inputs.get(input).output().holdAt(times[input], reached);
        }
    }

    /** Whether every input has come to its point. */
    boolean isAt(long[] times) {
        for (int input = 0; input < times.length; input++) {
            if (!inputs.get(input).output().isAt(times[input])) {
                return false;
            }
        }
        return true;
    }

    /** The same as {@link #catchUp()}, but no input goes on beyond its point. */
    void catchUp(long[] times) throws Exception {
        for (int input = 0; input < times.length; input++) {
            Interception<?> each = inputs.get(input);
            each.output().advanceTo(Math.min(times[input], each.time().reached()));
        }
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
            replay(broadcastQueue);
            held = false;
            for (Interception<?> input : inputs) {
                input.output().release();
            }
        }
    }

    /** Processes what was set aside in a queue; returns how long its first record waited. */
    long replay(long queue) throws Exception {
        return setAside.drain(queue, this::process);
    }

    /** Processes one record that an input here, or the same one of another owner, has written. */
    void process(DataInputView in) throws Exception {
        inputs.get(in.readUnsignedByte()).output().replay(in);
    }
}
