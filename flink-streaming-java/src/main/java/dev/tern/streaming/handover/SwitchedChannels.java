package dev.tern.streaming.handover;

import dev.tern.rescale.plan.MigrationStep;
import dev.tern.rescale.plan.Move;

import org.apache.flink.runtime.checkpoint.channel.InputChannelInfo;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * In which order a new owner processes the records of units that left their old owners before all
 * channels had shown the marker.
 *
 * <p>On one channel, what was sent before the switch goes to the old owner, and comes from there,
 * in order, with the word that nothing more will follow. What was sent behind it comes directly, and
 * waits for that word. So for each channel and key the order of processing is the order of emission;
 * other channels and keys do not wait. Pure; task mailbox thread.
 */
final class SwitchedChannels {

    private final Map<Integer, Integer> giverOfUnit = new TreeMap<>();
    private final Map<Integer, Set<InputChannelInfo>> switchedAtGiver = new HashMap<>();
    private final int channels;

    /**
     * @param subtask the new owner
     * @param channels how many channels each owner has
     */
    SwitchedChannels(MigrationStep step, int subtask, int channels) {
        this.channels = channels;
        for (Move move : step.moves()) {
            if (move.to() == subtask) {
                giverOfUnit.put(move.keyGroup(), move.from());
                switchedAtGiver.computeIfAbsent(move.from(), ignored -> new HashSet<>());
            }
        }
    }

    int giverOf(int keyGroup) {
        return giverOfUnit.get(keyGroup);
    }

    /** The units that come from an old owner, in order. */
    List<Integer> unitsOf(int giver) {
        List<Integer> units = new ArrayList<>();
        giverOfUnit.forEach(
                (unit, from) -> {
                    if (from == giver) {
                        units.add(unit);
                    }
                });
        return units;
    }

    /** Whether all records of a coming unit that were sent on a channel before the switch are here. */
    boolean isSwitched(int keyGroup, InputChannelInfo channel) {
        Integer giver = giverOfUnit.get(keyGroup);
        return giver != null && switchedAtGiver.get(giver).contains(channel);
    }

    /** An old owner says that it has re-routed everything of a channel. */
    void onSwitched(int giver, InputChannelInfo channel) {
        Set<InputChannelInfo> switched = switchedAtGiver.get(giver);
        if (switched == null || !switched.add(channel)) {
            throw new IllegalStateException(
                    "Subtask " + giver + " says twice, or unasked, that channel " + channel
                            + " is switched");
        }
    }

    /** The channels whose direct records need not wait for an old owner any more. */
    Set<InputChannelInfo> switchedAt(int giver) {
        return switchedAtGiver.get(giver);
    }

    /** Whether nothing more will come from an old owner but units. */
    boolean isComplete(int giver) {
        return switchedAtGiver.get(giver).size() == channels;
    }
}
