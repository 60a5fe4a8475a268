package dev.tern.streaming.network;

import org.apache.flink.runtime.checkpoint.channel.ChannelStateWriter;
import org.apache.flink.streaming.runtime.io.StreamInputProcessor;
import org.apache.flink.streaming.runtime.io.checkpointing.CheckpointBarrierHandler;
import org.apache.flink.streaming.runtime.tasks.StreamTask;

/** What the resizing of inputs needs of a task. Task mailbox thread. */
interface TaskInputs {

    String name();

    StreamInputProcessor processor();

    CheckpointBarrierHandler barrierHandler();

    ChannelStateWriter channelStateWriter();

    String[] spillDirectories();

    static TaskInputs of(StreamTask<?, ?> task) {
        return new TaskInputs() {
            @Override
            public String name() {
                return task.getName();
            }

            @Override
            public StreamInputProcessor processor() {
                return task.inputProcessor;
            }

            @Override
            public CheckpointBarrierHandler barrierHandler() {
                return task.getCheckpointBarrierHandler()
                        .orElseThrow(
                                () -> new IllegalStateException(name() + " has no network input."));
            }

            @Override
            public ChannelStateWriter channelStateWriter() {
                return task.subtaskCheckpointCoordinator.getChannelStateWriter();
            }

            @Override
            public String[] spillDirectories() {
                return task.getEnvironment().getIOManager().getSpillingDirectoriesPaths();
            }
        };
    }
}
