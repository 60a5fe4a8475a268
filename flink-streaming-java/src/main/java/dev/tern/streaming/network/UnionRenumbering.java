package dev.tern.streaming.network;

import org.apache.flink.runtime.io.network.partition.consumer.InputGate;
import org.apache.flink.runtime.io.network.partition.consumer.UnionInputGate;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Recomputes the channel numbers of a union after one of its gates has changed in size. The order
 * of the gates stays; the channels of later gates shift. Task mailbox thread.
 */
final class UnionRenumbering {

    private UnionRenumbering() {}

    static void renumber(UnionInputGate union) {
        int[] offsets = union.inputGateChannelIndexOffsets;
        List<Integer> gates =
                union.inputGatesByGateIndex.keySet().stream()
                        .sorted(Comparator.comparingInt(gate -> offsets[gate]))
                        .collect(Collectors.toList());
        int total =
                union.inputGatesByGateIndex.values().stream()
                        .mapToInt(InputGate::getNumberOfInputChannels)
                        .sum();
        int[] gateOfChannel = new int[total];
        int offset = 0;
        for (int gate : gates) {
            int next = offset + union.inputGatesByGateIndex.get(gate).getNumberOfInputChannels();
            offsets[gate] = offset;
            Arrays.fill(gateOfChannel, offset, next, gate);
            offset = next;
        }
        union.inputChannelToInputGateIndex = gateOfChannel;
    }
}
