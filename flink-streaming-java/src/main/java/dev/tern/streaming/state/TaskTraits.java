package dev.tern.streaming.state;

import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.graph.StreamConfig;
import org.apache.flink.streaming.api.graph.StreamEdge;
import org.apache.flink.streaming.runtime.tasks.StreamTask;

import java.util.ArrayList;
import java.util.List;

/**
 * What a task is like, apart from its operators, as far as it matters for moving state. Immutable.
 *
 * @param generalizedWatermarks whether watermarks of the user's own flow through it
 * @param broadcastInput whether one of its inputs is broadcast
 * @param checkpointing whether the job takes checkpoints
 * @param strayInputs numbers of inputs that are neither keyed nor broadcast
 */
record TaskTraits(
        boolean generalizedWatermarks,
        boolean broadcastInput,
        boolean checkpointing,
        List<Integer> strayInputs) {

    /** A task with keyed inputs only, in a job that takes checkpoints. */
    static final TaskTraits PLAIN = new TaskTraits(false, false, true, List.of());

    /** Looks at a running task; task mailbox thread. */
    static TaskTraits of(StreamTask<?, ?> task) {
        return of(
                task.getConfiguration(),
                task.getEnvironment().getJobConfiguration(),
                task.getEnvironment().getUserCodeClassLoader().asClassLoader());
    }

    /**
     * Looks at the configuration of a task.
     *
     * @param config of the head of its chain
     * @param job configuration of the job
     */
    static TaskTraits of(StreamConfig config, Configuration job, ClassLoader userCode) {
        boolean broadcast = false;
        List<Integer> stray = new ArrayList<>();
        for (StreamEdge edge : config.getInPhysicalEdges(userCode)) {
            // Zero at operators with one input, else counted from one.
            int input = Math.max(0, edge.getTypeNumber() - 1);
            if (edge.getPartitioner().isBroadcast()) {
                broadcast = true;
            } else if (config.getStatePartitioner(input, userCode) == null) {
                stray.add(input);
            }
        }
        return new TaskTraits(
                !config.getWatermarkDeclarations(userCode).isEmpty(),
                broadcast,
                CheckpointingOptions.isCheckpointingEnabled(job),
                stray);
    }
}
