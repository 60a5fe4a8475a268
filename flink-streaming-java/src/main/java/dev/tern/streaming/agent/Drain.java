package dev.tern.streaming.agent;

import dev.tern.rescale.control.RouteMarker;

import org.apache.flink.runtime.checkpoint.channel.InputChannelInfo;
import org.apache.flink.streaming.runtime.tasks.StreamTask;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/**
 * The last records of a task that gets no more of them: all have been processed when each channel
 * has shown the marker. Task mailbox thread.
 */
final class Drain {

    private final long epoch;
    private final int channels;
    private final Set<InputChannelInfo> shown = new HashSet<>();
    private Runnable whenDone;

    Drain(StreamTask<?, ?> task, long epoch) {
        this(
                epoch,
                Arrays.stream(task.getEnvironment().getAllInputGates())
                        .mapToInt(gate -> gate.getNumberOfInputChannels())
                        .sum());
    }

    Drain(long epoch, int channels) {
        this.epoch = epoch;
        this.channels = channels;
    }

    /** A channel shows a marker; those of other rescales mean nothing here. */
    void onMarker(InputChannelInfo channel, RouteMarker marker) {
        if (marker.epoch() == epoch) {
            shown.add(channel);
            tell();
        }
    }

    /** Calls back, once, when all channels have shown the marker. */
    void whenDone(Runnable callback) {
        whenDone = callback;
        tell();
    }

    private void tell() {
        if (whenDone != null && shown.size() == channels) {
            Runnable callback = whenDone;
            whenDone = null;
            callback.run();
        }
    }
}
