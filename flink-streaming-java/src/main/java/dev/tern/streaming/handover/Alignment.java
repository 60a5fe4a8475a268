package dev.tern.streaming.handover;

import org.apache.flink.runtime.checkpoint.channel.InputChannelInfo;

import java.util.HashSet;
import java.util.Set;

/** Counts on which input channels the marker of one step has been seen. Task mailbox thread. */
final class Alignment {

    private final int channels;
    private final Set<InputChannelInfo> seen = new HashSet<>();

    Alignment(int channels) {
        this.channels = channels;
    }

    /**
     * @return whether it is the first marker of the step
     */
    boolean onMarker(InputChannelInfo channel) {
        if (!seen.add(channel)) {
            throw new IllegalStateException(
                    "Channel " + channel + " shows the marker of one step twice");
        }
        return seen.size() == 1;
    }

    boolean isComplete() {
        return seen.size() == channels;
    }
}
