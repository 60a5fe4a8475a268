package dev.tern.streaming.network;

import org.apache.flink.streaming.runtime.io.checkpointing.CheckpointBarrierHandler;
import org.apache.flink.streaming.runtime.io.checkpointing.CheckpointBarrierTracker;
import org.apache.flink.streaming.runtime.io.checkpointing.SingleCheckpointBarrierHandler;

/**
 * Keeps the number of channels from which a task expects checkpoint barriers.
 *
 * <p>An alignment that has begun keeps the number it began with. A channel that ends by itself is
 * discounted by Flink.
 */
final class BarrierCount {

    private BarrierCount() {}

    static void add(CheckpointBarrierHandler handler, int channels) {
        if (handler instanceof SingleCheckpointBarrierHandler) {
            ((SingleCheckpointBarrierHandler) handler).numOpenChannels += channels;
        } else if (handler instanceof CheckpointBarrierTracker) {
            ((CheckpointBarrierTracker) handler).numOpenChannels += channels;
        } else {
            throw new IllegalStateException(
                    "Unknown barrier handler " + handler.getClass().getName() + ".");
        }
    }
}
