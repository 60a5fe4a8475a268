package dev.tern.streaming.network;

import org.apache.flink.runtime.checkpoint.channel.InputChannelInfo;
import org.apache.flink.runtime.io.network.api.EndOfData;
import org.apache.flink.runtime.io.network.api.EndOfPartitionEvent;
import org.apache.flink.runtime.io.network.partition.consumer.BufferOrEvent;
import org.apache.flink.runtime.io.network.partition.consumer.InputChannel;
import org.apache.flink.runtime.io.network.partition.consumer.SingleInputGate;
import org.apache.flink.streaming.runtime.tasks.StreamTask;

import java.util.HashSet;
import java.util.Set;

/** Which input channels of a task bring no record any more. Task mailbox thread. */
public final class ChannelEnds {

    private ChannelEnds() {}

    /** Whether no record follows the event on its channel. */
    public static boolean isEnd(BufferOrEvent event) {
        return event.getEvent() instanceof EndOfData
                || event.getEvent() instanceof EndOfPartitionEvent;
    }

    /** The channels of which the task has processed all records there will ever be. */
    public static Set<InputChannelInfo> of(StreamTask<?, ?> task) {
        Set<InputChannelInfo> ended = new HashSet<>();
        for (NetworkInput input : NetworkInput.all(TaskInputs.of(task))) {
            addEnded(input.gate(), ended);
        }
        return ended;
    }

    /** Whether the task has been told that all its input is over. */
    public static boolean isOver(StreamTask<?, ?> task) {
        return NetworkInput.all(TaskInputs.of(task)).stream()
                .allMatch(input -> input.gate().hasReceivedEndOfData);
    }

    private static void addEnded(SingleInputGate gate, Set<InputChannelInfo> ended) {
        synchronized (gate.inputChannelsWithData) {
            for (InputChannel channel : gate.channels) {
                int index = channel.getChannelIndex();
                if (gate.channelsWithEndOfUserRecords.get(index)
                        || gate.channelsWithEndOfPartitionEvents.get(index)) {
                    ended.add(channel.getChannelInfo());
                }
            }
        }
    }
}
