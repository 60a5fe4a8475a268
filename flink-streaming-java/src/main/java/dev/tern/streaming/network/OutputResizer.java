package dev.tern.streaming.network;

import org.apache.flink.runtime.checkpoint.channel.ChannelStateWriter;
import org.apache.flink.runtime.io.network.api.writer.RecordWriter;
import org.apache.flink.runtime.io.network.partition.PipelinedResultPartition;
import org.apache.flink.runtime.jobgraph.IntermediateDataSetID;
import org.apache.flink.runtime.metrics.groups.TaskIOMetricGroup;
import org.apache.flink.streaming.runtime.io.RecordWriterOutput;
import org.apache.flink.streaming.runtime.tasks.StreamTask;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Finds the outputs of a running task that can be resized. Task mailbox thread. */
public final class OutputResizer {

    private OutputResizer() {}

    /**
     * Returns the task's outputs into the given results, in the order of the task's writers; empty
     * if it produces none of them.
     *
     * @throws IllegalArgumentException if one of them is not a pipelined output
     */
    public static List<ResizableOutput> outputsOf(
            StreamTask<?, ?> task, Set<IntermediateDataSetID> results) {
        int writers = task.getEnvironment().getAllWriters().length;
        List<ResizableOutput> outputs = new ArrayList<>();
        for (int i = 0; i < writers; i++) {
            RecordWriter<?> writer = task.recordWriter.getRecordWriter(i);
            IntermediateDataSetID result =
                    writer.targetPartition
                            .getPartitionId()
                            .getPartitionId()
                            .getIntermediateDataSetID();
            if (results.contains(result)) {
                outputs.add(output(task, result, writer));
            }
        }
        return outputs;
    }

    private static ResizableOutput output(
            StreamTask<?, ?> task, IntermediateDataSetID result, RecordWriter<?> writer) {
        if (!(writer.targetPartition instanceof PipelinedResultPartition)) {
            throw new IllegalArgumentException(
                    String.format(
                            "Result %s of %s is a %s; only pipelined outputs can be resized.",
                            result,
                            task.getName(),
                            writer.targetPartition.getClass().getSimpleName()));
        }
        PipelinedResultPartition partition = (PipelinedResultPartition) writer.targetPartition;
        ChannelStateWriter channelStateWriter =
                task.subtaskCheckpointCoordinator.getChannelStateWriter();
        TaskIOMetricGroup metrics = task.getEnvironment().getMetricGroup().getIOMetricGroup();
        List<RecordWriterOutput<?>> streamOutputs =
                Arrays.stream(task.operatorChain.getStreamOutputs())
                        .filter(output -> BroadcastEdge.edgeWriter(output) == writer)
                        .collect(Collectors.toList());
        return new ResizableOutput(
                result,
                writer,
                partition,
                new PartitionResizer(partition, channelStateWriter, metrics),
                streamOutputs);
    }
}
