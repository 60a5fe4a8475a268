package dev.tern.streaming.network;

import org.apache.flink.runtime.checkpoint.channel.InputChannelInfo;
import org.apache.flink.runtime.io.network.partition.consumer.BufferOrEvent;
import org.apache.flink.runtime.io.network.partition.consumer.EndOfOutputChannelStateEvent;
import org.apache.flink.streaming.runtime.io.checkpointing.CheckpointedInputGate;

import java.io.IOException;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/**
 * The input channels of one task whose producers have yet to say that their recovery is over.
 *
 * <p>A freshly deployed producer starts each subpartition with an event that blocks it until the
 * consumer has all of its channels restored. A consumer whose own recovery is over ignores the
 * event, and the channel would stay blocked forever; here it is resumed on its own. Task mailbox
 * thread.
 */
public final class LateChannels {

    private final Set<InputChannelInfo> awaited = new HashSet<>();

    /** Announces channels. Must precede the first event they can deliver. */
    void await(Collection<InputChannelInfo> channels) {
        awaited.addAll(channels);
    }

    /** Forgets channels that are removed. */
    void forget(Collection<InputChannelInfo> channels) {
        awaited.removeAll(channels);
    }

    /**
     * To be called with every event that the gate hands out, before Flink handles it.
     *
     * @return true if it was the event a late channel was waiting for, which is now resumed
     */
    public boolean onEvent(CheckpointedInputGate gate, BufferOrEvent event) throws IOException {
        if (event.getEvent() instanceof EndOfOutputChannelStateEvent
                && awaited.remove(event.getChannelInfo())) {
            gate.inputGate.resumeConsumption(event.getChannelInfo());
            return true;
        }
        return false;
    }
}
