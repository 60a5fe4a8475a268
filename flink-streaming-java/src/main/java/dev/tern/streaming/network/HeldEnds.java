package dev.tern.streaming.network;

import org.apache.flink.streaming.runtime.io.StreamOneInputProcessor;
import org.apache.flink.streaming.runtime.tasks.StreamTask;

import java.util.ArrayList;
import java.util.List;

/**
 * The ends of all inputs of one task, kept back while its vertex is rescaled: so no subtask ends
 * that is still to give or to take something, and downstream nobody comes to an end with channels
 * that are about to change in number. Task mailbox thread.
 */
public final class HeldEnds {

    private record Hold<T>(StreamOneInputProcessor<T> processor, HeldInput<T> held) {

        static <T> Hold<T> on(StreamOneInputProcessor<T> processor) {
            HeldInput<T> held = new HeldInput<>(processor.input);
            processor.input = held;
            return new Hold<>(processor, held);
        }

        void release() {
            held.release();
            if (!held.hasEndToTell()) {
                processor.input = held.input();
            }
        }
    }

    private final List<Hold<?>> holds = new ArrayList<>();

    private HeldEnds(List<StreamOneInputProcessor<?>> processors) {
        processors.forEach(processor -> holds.add(Hold.on(processor)));
    }

    /**
     * From now on the task does not learn that an input has ended.
     *
     * @throws IllegalStateException when it knows of all of them already
     */
    public static HeldEnds hold(
            StreamTask<?, ?> task, List<StreamOneInputProcessor<?>> processors) {
        if (ChannelEnds.isOver(task)) {
            throw new IllegalStateException("has reached the end of its input and is finishing");
        }
        return new HeldEnds(processors);
    }

    /** What has ended meanwhile is told now. */
    public void release() {
        holds.forEach(Hold::release);
    }
}
