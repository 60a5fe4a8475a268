package dev.tern.streaming.network;

import org.apache.flink.runtime.checkpoint.channel.InputChannelInfo;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Numbers the channels of one input from zero on, without gaps. An input that reads several gates
 * numbers the channels of all of them, and late channels come last whatever gate they belong to, so
 * that nobody's number changes; removed ones may leave from the middle. Pure.
 */
final class ChannelNumbering {

    private ChannelNumbering() {}

    /** Numbers of the removed channels, highest first: the order in which to remove by index. */
    static List<Integer> descending(
            Map<InputChannelInfo, Integer> numbers, Collection<InputChannelInfo> removed) {
        return removed.stream()
                .map(numbers::get)
                .sorted((left, right) -> Integer.compare(right, left))
                .collect(Collectors.toList());
    }

    /** The numbers of the channels that stay: the same order without the gaps. */
    static Map<InputChannelInfo, Integer> without(
            Map<InputChannelInfo, Integer> numbers, Collection<InputChannelInfo> removed) {
        List<Integer> gaps = descending(numbers, removed);
        Map<InputChannelInfo, Integer> remaining = new HashMap<>(numbers);
        remaining.keySet().removeAll(removed);
        remaining.replaceAll(
                (channel, number) ->
                        number - (int) gaps.stream().filter(gap -> gap < number).count());
        return remaining;
    }
}
