package dev.tern.streaming.network;

import org.apache.flink.runtime.checkpoint.channel.ChannelStateWriter;
import org.apache.flink.runtime.checkpoint.channel.InputChannelInfo;
import org.apache.flink.runtime.io.network.partition.ResultSubpartitionIndexSet;
import org.apache.flink.runtime.io.network.partition.consumer.InputChannel;
import org.apache.flink.runtime.io.network.partition.consumer.RecoveredInputChannel;
import org.apache.flink.runtime.io.network.partition.consumer.RemoteInputChannel;
import org.apache.flink.runtime.io.network.partition.consumer.SingleInputGate;
import org.apache.flink.runtime.io.network.partition.consumer.SingleInputGateFactory;
import org.apache.flink.runtime.io.network.partition.consumer.UnknownInputChannel;
import org.apache.flink.runtime.jobgraph.IntermediateResultPartitionID;
import org.apache.flink.runtime.shuffle.NettyShuffleDescriptor;
import org.apache.flink.runtime.shuffle.ShuffleDescriptor;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Appends and removes channels at the end of an input gate that is in use.
 *
 * <p>Task mailbox thread. Netty threads queue channels that have data under the lock of that
 * queue; what they read there changes under it.
 */
final class GateResizer {

    private final SingleInputGate gate;

    GateResizer(SingleInputGate gate) {
        this.gate = gate;
    }

    int channels() {
        return gate.getNumberOfInputChannels();
    }

    /**
     * Checks that channels for these producers can be had.
     *
     * @param ownGates all gates of the task
     */
    void checkGrowable(List<ShuffleDescriptor> producers, Collection<SingleInputGate> ownGates)
            throws NetworkResizeException {
        if (gate.isFinished() || gate.hasReceivedEndOfData) {
            throw new IllegalStateException(gate + " has ended and takes no further producers.");
        }
        for (InputChannel channel : gate.channels) {
            if (channel instanceof RecoveredInputChannel) {
                throw new IllegalStateException(gate + " is still being restored.");
            }
        }
        SingleInputGateFactory factory = GateFactoryRegistry.originOf(gate).factory();
        int remote = 0;
        for (ShuffleDescriptor producer : producers) {
            if (!((NettyShuffleDescriptor) producer).isLocalTo(factory.taskExecutorResourceId)) {
                remote++;
            }
        }
        ExclusiveBuffers.check(
                factory.networkBufferPool, ownGates, remote * exclusiveBuffers(factory));
    }

    /** Appends a channel for each producer, without a connection yet. */
    List<InputChannelInfo> append(
            List<ShuffleDescriptor> producers,
            int consumedSubpartitionIndex,
            ChannelStateWriter channelStateWriter) {
        int from = channels();
        int to = from + producers.size();
        List<InputChannel> added = new ArrayList<>();
        for (ShuffleDescriptor producer : producers) {
            int index = from + added.size();
            UnknownInputChannel channel = channel(index, producer, consumedSubpartitionIndex);
            channel.setChannelStateWriter(channelStateWriter);
            added.add(channel);
        }
        synchronized (gate.requestLock) {
            synchronized (gate.inputChannelsWithData) {
                growPriorityNumbers(to);
                gate.enqueuedInputChannelsWithData.clear(from, to);
                resizeArrays(to);
            }
            for (InputChannel channel : added) {
                gate.channels[channel.getChannelIndex()] = channel;
                gate.inputChannels
                        .computeIfAbsent(partitionOf(channel), ignored -> new HashMap<>())
                        .put(channel.getChannelInfo(), channel);
                gate.numberOfUninitializedChannels++;
            }
        }
        return infos(added);
    }

    /** Takes the buffers that appended channels need and requests their data. */
    void connect(List<ShuffleDescriptor> producers) throws IOException, InterruptedException {
        SingleInputGateFactory factory = GateFactoryRegistry.originOf(gate).factory();
        for (ShuffleDescriptor producer : producers) {
            gate.updateInputChannel(
                    factory.taskExecutorResourceId, (NettyShuffleDescriptor) producer);
        }
    }

    boolean hasEnded(int keep) {
        synchronized (gate.inputChannelsWithData) {
            return gate.channelsWithEndOfPartitionEvents.nextClearBit(keep) >= channels();
        }
    }

    /**
     * Checks that the channels from {@code keep} on have ended as retired producers do.
     *
     * <p>The gate counts the channels whose data and whose partition have ended and compares the
     * sums with the number of its channels. Where both bits of a removed channel are set, a
     * removal lowers sum and number alike, so neither comparison can become true without the event
     * that announces it; the same goes for a union, which only asks its gates.
     */
    void checkRetired(int keep) {
        synchronized (gate.inputChannelsWithData) {
            for (int i = keep; i < channels(); i++) {
                if (!gate.channelsWithEndOfPartitionEvents.get(i)) {
                    throw new IllegalStateException(
                            String.format(
                                    "Channel %d of %s cannot be removed: its producer has not"
                                            + " ended yet. Wait until hasEnded.",
                                    i, gate));
                }
                if (!gate.channelsWithEndOfUserRecords.get(i)) {
                    throw new IllegalStateException(
                            String.format(
                                    "Channel %d of %s cannot be removed: its producer ended"
                                            + " without announcing its retirement, so the end of"
                                            + " data could no longer be told.",
                                    i, gate));
                }
            }
        }
    }

    /**
     * Disconnects the channels from {@code keep} on that have not ended.
     *
     * @return how many there were
     */
    int releaseOpenChannels(int keep) throws IOException {
        int open = 0;
        for (int i = keep; i < channels(); i++) {
            if (!gate.channelsWithEndOfPartitionEvents.get(i)) {
                gate.channels[i].releaseAllResources();
                open++;
            }
        }
        return open;
    }

    /** Removes the channels from {@code keep} on, which have been released. */
    List<InputChannelInfo> remove(int keep) {
        int from = channels();
        if (keep < 1 || keep > from) {
            throw new IllegalArgumentException(
                    String.format("%s has %d channels and cannot keep %d.", gate, from, keep));
        }
        List<InputChannel> removed = new ArrayList<>();
        synchronized (gate.requestLock) {
            synchronized (gate.inputChannelsWithData) {
                for (int i = keep; i < from; i++) {
                    removed.add(gate.channels[i]);
                    dequeue(gate.channels[i]);
                }
                gate.channelsWithEndOfPartitionEvents.clear(keep, from);
                gate.channelsWithEndOfUserRecords.clear(keep, from);
                // Stays set until the index is used again: a notification that is still on its way
                // then finds the channel queued already, and nobody ever polls it.
                gate.enqueuedInputChannelsWithData.set(keep, from);
                resizeArrays(keep);
            }
            removed.forEach(this::unregister);
        }
        return infos(removed);
    }

    private UnknownInputChannel channel(
            int index, ShuffleDescriptor producer, int consumedSubpartitionIndex) {
        GateFactoryRegistry.Origin origin = GateFactoryRegistry.originOf(gate);
        SingleInputGateFactory factory = origin.factory();
        return new UnknownInputChannel(
                gate,
                index,
                producer.getResultPartitionID(),
                new ResultSubpartitionIndexSet(consumedSubpartitionIndex),
                factory.partitionManager,
                factory.taskEventPublisher,
                factory.connectionManager,
                factory.partitionRequestInitialBackoff,
                factory.partitionRequestMaxBackoff,
                factory.partitionRequestListenerTimeout,
                exclusiveBuffers(factory),
                origin.metrics());
    }

    /** As many as siblings got: the factory may have given a large gate fewer than configured. */
    private int exclusiveBuffers(SingleInputGateFactory factory) {
        for (InputChannel sibling : gate.channels) {
            if (sibling instanceof RemoteInputChannel) {
                return ((RemoteInputChannel) sibling).initialCredit;
            }
        }
        return factory.configuredNetworkBuffersPerChannel;
    }

    private void dequeue(InputChannel channel) {
        if (gate.inputChannelsWithData.contains(channel)) {
            gate.inputChannelsWithData.getAndRemove(queued -> queued == channel);
        }
    }

    private void unregister(InputChannel channel) {
        IntermediateResultPartitionID partition = partitionOf(channel);
        Map<InputChannelInfo, InputChannel> channels = gate.inputChannels.get(partition);
        channels.remove(channel.getChannelInfo());
        if (channels.isEmpty()) {
            gate.inputChannels.remove(partition);
        }
        if (channel instanceof UnknownInputChannel) {
            gate.numberOfUninitializedChannels--;
        }
    }

    /** Never shrinks: a late notification of a removed channel still looks its number up. */
    private void growPriorityNumbers(int to) {
        int known = gate.lastPrioritySequenceNumber.length;
        if (to > known) {
            gate.lastPrioritySequenceNumber = Arrays.copyOf(gate.lastPrioritySequenceNumber, to);
        }
        Arrays.fill(gate.lastPrioritySequenceNumber, channels(), to, Integer.MIN_VALUE);
    }

    private void resizeArrays(int to) {
        gate.channels = Arrays.copyOf(gate.channels, to);
        gate.endOfDatas = Arrays.copyOf(gate.endOfDatas, to);
        gate.endOfPartitions = Arrays.copyOf(gate.endOfPartitions, to);
        gate.numberOfInputChannels = to;
    }

    private static IntermediateResultPartitionID partitionOf(InputChannel channel) {
        return channel.getPartitionId().getPartitionId();
    }

    private static List<InputChannelInfo> infos(List<InputChannel> channels) {
        List<InputChannelInfo> infos = new ArrayList<>();
        channels.forEach(channel -> infos.add(channel.getChannelInfo()));
        return infos;
    }
}
