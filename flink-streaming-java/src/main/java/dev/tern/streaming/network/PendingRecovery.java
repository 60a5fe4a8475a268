package dev.tern.streaming.network;

import org.apache.flink.runtime.checkpoint.channel.InputChannelInfo;
import org.apache.flink.streaming.runtime.io.checkpointing.CheckpointedInputGate;
import org.apache.flink.streaming.runtime.io.checkpointing.UpstreamRecoveryTrackerImpl;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Ends the joint wait of an input for the recovery of all its producers, before channels are added
 * to it, or when only some of its producers are as new as its task.
 *
 * <p>The wait of a task that was itself added to a running job never ends: producers that were
 * there before it send it no recovery event. Were the events of late channels counted into that
 * wait, Flink would finally "resume" all channels of the input, most of them never blocked, and
 * fail. From here on every channel is resumed on its own by {@link LateChannels}.
 */
final class PendingRecovery {

    private PendingRecovery() {}

    static void settle(CheckpointedInputGate gate, LateChannels lateChannels) throws IOException {
        if (gate.allChannelsRecovered()
                || !(gate.upstreamRecoveryTracker instanceof UpstreamRecoveryTrackerImpl)) {
            return;
        }
        UpstreamRecoveryTrackerImpl tracker =
                (UpstreamRecoveryTrackerImpl) gate.upstreamRecoveryTracker;
        List<InputChannelInfo> outstanding = new ArrayList<>();
        for (InputChannelInfo channel : gate.getChannelInfos()) {
            if (tracker.restoredChannels.contains(channel)) {
                gate.inputGate.resumeConsumption(channel);
            } else {
                outstanding.add(channel);
            }
        }
        lateChannels.await(outstanding);
        tracker.restoredChannels.clear();
        tracker.numUnrestoredChannels = 0;
    }
}
