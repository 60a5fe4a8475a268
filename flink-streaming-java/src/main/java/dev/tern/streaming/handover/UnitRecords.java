package dev.tern.streaming.handover;

import dev.tern.streaming.handover.HandoverPolicy.Verdict;

import org.apache.flink.runtime.checkpoint.channel.InputChannelInfo;

import java.util.Map;

/**
 * What becomes of each record at one owner: asked for every record while units move. Decides by the
 * state of the unit and by what its channel has shown. Task mailbox thread.
 */
final class UnitRecords {

    private final UnitTable units;
    private final HandoverPolicy policy;
    private final int keyGroups;
    private Alignment alignment;
    private SwitchedChannels coming;
    private Map<Integer, LateRecords> lateOfUnit = Map.of();

    UnitRecords(UnitTable units, HandoverPolicy policy, int keyGroups) {
        this.units = units;
        this.policy = policy;
        this.keyGroups = keyGroups;
    }

    /**
     * A step begins.
     *
     * @param alignment what the channels show here
     * @param coming what old owners say of theirs
     * @param lateOfUnit where late records of units go; empty if none can come late
     */
    void begin(
            Alignment alignment, SwitchedChannels coming, Map<Integer, LateRecords> lateOfUnit) {
        this.alignment = alignment;
        this.coming = coming;
        this.lateOfUnit = lateOfUnit;
    }

    Verdict verdict(int keyGroup, InputChannelInfo channel) {
        UnitState state = units.of(keyGroup);
        return policy.verdict(state, isSwitched(state, keyGroup, channel));
    }

    private boolean isSwitched(UnitState state, int keyGroup, InputChannelInfo channel) {
        return switch (state) {
            case LEFT -> alignment.isAligned(channel);
            case INSTALLED -> coming.isSwitched(keyGroup, channel);
            default -> false;
        };
    }

    /** For sentences. */
    UnitState stateOf(int keyGroup) {
        return units.of(keyGroup);
    }

    /** Where late records of a unit that has left go. */
    LateRecords lateOf(int keyGroup) {
        LateRecords late = lateOfUnit.get(keyGroup);
        if (late == null) {
            throw new IllegalStateException(
                    "A record of key group " + keyGroup + " came that left in an earlier step");
        }
        return late;
    }

    /** Under which number records of a unit wait that came directly. */
    long queueOf(int keyGroup, InputChannelInfo channel) {
        return policy.reRoutes() ? directQueue(keyGroup, channel) : keyGroup;
    }

    /** One for each unit and channel; the unit's own number is for what was re-routed. */
    long directQueue(int keyGroup, InputChannelInfo channel) {
        long number = ((long) channel.getGateIdx() << 20) + channel.getInputChannelIdx();
        return keyGroup + (keyGroups + 1L) * (1L + number);
    }
}
