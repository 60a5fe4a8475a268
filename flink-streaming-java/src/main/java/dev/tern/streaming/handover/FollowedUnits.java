package dev.tern.streaming.handover;

import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.runtime.checkpoint.channel.InputChannelInfo;
import org.apache.flink.util.function.ThrowingConsumer;

import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.function.LongConsumer;

/**
 * Units that come to one new owner in one step and are followed by records that their old owners
 * re-route. Brings these records, and those that came directly, into one order. Task mailbox thread.
 */
final class FollowedUnits {

    private final UnitTable units;
    private final UnitRecords records;
    private final SetAsideRecords setAside;
    private final ThrowingConsumer<DataInputView, Exception> process;
    private final SwitchedChannels switched;
    private final IntConsumer ask;
    private final LongConsumer suspended;
    private final Set<Integer> asked = new HashSet<>();

    /**
     * @param process processes a record that was written down
     * @param ask asks an old owner for what follows its units
     * @param suspended is told how long records waited, in nanoseconds
     */
    FollowedUnits(
            UnitTable units,
            UnitRecords records,
            SetAsideRecords setAside,
            ThrowingConsumer<DataInputView, Exception> process,
            SwitchedChannels switched,
            IntConsumer ask,
            LongConsumer suspended) {
        this.units = units;
        this.records = records;
        this.setAside = setAside;
        this.process = process;
        this.switched = switched;
        this.ask = ask;
        this.suspended = suspended;
    }

    /** A unit is here. Of its records those come first that were re-routed. */
    void installed(int keyGroup) throws Exception {
        int giver = switched.giverOf(keyGroup);
        replay(keyGroup);
        for (InputChannelInfo channel : Set.copyOf(switched.switchedAt(giver))) {
            replayDirect(keyGroup, channel);
        }
        settle(giver, keyGroup);
        // Not before: only an owner that has given something has begun the step for sure.
        if (asked.add(giver)) {
            ask.accept(giver);
        }
    }

    /** What one old owner sends. */
    LateBatch.Reader from(int giver) {
        return new LateBatch.Reader() {
            @Override
            public void onRecord(int keyGroup, ByteBuffer record) throws Exception {
                late(keyGroup, record);
            }

            @Override
            public void onSwitched(InputChannelInfo channel) throws Exception {
                switched(giver, channel);
            }
        };
    }

    private void late(int keyGroup, ByteBuffer record) throws Exception {
        if (units.of(keyGroup) == UnitState.INSTALLED) {
            process.accept(new DataInputDeserializer(record));
        } else {
            setAside.add(
                    keyGroup,
                    out -> out.write(record.array(), record.position(), record.remaining()));
        }
    }

    private void switched(int giver, InputChannelInfo channel) throws Exception {
        switched.onSwitched(giver, channel);
        for (int keyGroup : switched.unitsOf(giver)) {
            if (units.of(keyGroup) == UnitState.INSTALLED) {
                replayDirect(keyGroup, channel);
                settle(giver, keyGroup);
            }
        }
    }

    private void replayDirect(int keyGroup, InputChannelInfo channel) throws Exception {
        replay(records.directQueue(keyGroup, channel));
    }

    private void replay(long queue) throws Exception {
        suspended.accept(setAside.drain(queue, process::accept));
    }

    private void settle(int giver, int keyGroup) {
        if (switched.isComplete(giver)) {
            units.followed(keyGroup);
        }
    }
}
