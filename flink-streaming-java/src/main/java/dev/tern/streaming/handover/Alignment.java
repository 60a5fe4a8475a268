package dev.tern.streaming.handover;

import org.apache.flink.runtime.checkpoint.channel.InputChannelInfo;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/**
 * On which input channels everything before one marker has been processed: those that have shown it,
 * and those that have ended, on which it may never come. Task mailbox thread.
 */
public final class Alignment {

    private final int channels;
    private final Set<InputChannelInfo> shown = new HashSet<>();
    private final Set<InputChannelInfo> aligned;
    private boolean triggered;

    /**
     * @param channels how many there are
     * @param ended those that have ended already
     */
    public Alignment(int channels, Collection<InputChannelInfo> ended) {
        this.channels = channels;
        this.aligned = new HashSet<>(ended);
    }

    /**
     * A channel shows the marker, maybe behind its last record.
     *
     * @return whether it is the first marker of the step
     */
    public boolean onMarker(InputChannelInfo channel) {
        if (!shown.add(channel)) {
            throw new IllegalStateException(
                    "Channel " + channel + " shows the marker of one step twice");
        }
        aligned.add(channel);
        return shown.size() == 1;
    }

    /** No record will come on the channel any more. */
    public void onEnd(InputChannelInfo channel) {
        aligned.add(channel);
    }

    /** A marker that has overtaken the records tells that routes are being switched. */
    public void onTrigger() {
        triggered = true;
    }

    public boolean isTriggered() {
        return triggered;
    }

    /** Whether nothing comes on the channel that was sent before the switch. */
    public boolean isAligned(InputChannelInfo channel) {
        return aligned.contains(channel);
    }

    public boolean isComplete() {
        return aligned.size() == channels;
    }
}
