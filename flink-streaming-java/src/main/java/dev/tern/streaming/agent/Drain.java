package dev.tern.streaming.agent;

import dev.tern.rescale.control.RouteMarker;
import dev.tern.streaming.handover.Alignment;
import dev.tern.streaming.network.ChannelEnds;

import org.apache.flink.runtime.checkpoint.channel.InputChannelInfo;
import org.apache.flink.streaming.runtime.tasks.StreamTask;

import java.util.Arrays;
import java.util.Collection;

/**
 * The last records of a task that gets no more of them: all have been processed when each channel
 * has shown the marker or has ended. Task mailbox thread.
 */
final class Drain {

    private final long epoch;
    private final Alignment alignment;
    private Runnable whenDone;

    Drain(StreamTask<?, ?> task, long epoch) {
        this(
                epoch,
                Arrays.stream(task.getEnvironment().getAllInputGates())
                        .mapToInt(gate -> gate.getNumberOfInputChannels())
                        .sum(),
                ChannelEnds.of(task));
    }

    Drain(long epoch, int channels, Collection<InputChannelInfo> ended) {
        this.epoch = epoch;
        this.alignment = new Alignment(channels, ended);
    }

    /** A channel shows a marker; those of other rescales mean nothing here. */
    void onMarker(InputChannelInfo channel, RouteMarker marker) {
        if (marker.epoch() == epoch) {
            alignment.onMarker(channel);
            tell();
        }
    }

    /** No record will come on the channel any more. */
    void onEnd(InputChannelInfo channel) {
        alignment.onEnd(channel);
        tell();
    }

    /** Calls back, once, when all has been processed. */
    void whenDone(Runnable callback) {
        whenDone = callback;
        tell();
    }

    private void tell() {
        if (whenDone != null && alignment.isComplete()) {
            Runnable callback = whenDone;
            whenDone = null;
            callback.run();
        }
    }
}
