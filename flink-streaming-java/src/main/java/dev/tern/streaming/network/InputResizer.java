package dev.tern.streaming.network;

import dev.tern.rescale.coordinate.CheckpointGate;

import org.apache.flink.runtime.checkpoint.channel.InputChannelInfo;
import org.apache.flink.runtime.io.network.api.CancelCheckpointMarker;
import org.apache.flink.runtime.io.network.partition.consumer.SingleInputGate;
import org.apache.flink.runtime.jobgraph.IntermediateDataSetID;
import org.apache.flink.runtime.shuffle.ShuffleDescriptor;
import org.apache.flink.streaming.runtime.tasks.StreamTask;

import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Adds and removes the input channels of a running task whose producers change in number.
 *
 * <p>Task mailbox thread, between two records. Producers are added and removed at the end: channel
 * {@code i} of a gate is producer {@code i}.
 */
public final class InputResizer {

    private final TaskInputs task;
    private final LateChannels lateChannels;

    /**
     * Creates a resizer of one task.
     *
     * @param lateChannels of the same task; consulted with every input event
     */
    public InputResizer(StreamTask<?, ?> task, LateChannels lateChannels) {
        this(TaskInputs.of(task), lateChannels);
    }

    InputResizer(TaskInputs task, LateChannels lateChannels) {
        this.task = task;
        this.lateChannels = lateChannels;
    }

    /** Number of channels through which the task reads the result. */
    public int channels(IntermediateDataSetID result) {
        return locate(result).gate().getNumberOfInputChannels();
    }

    /**
     * Barriers of checkpoints up to this one mean nothing any more. One that was aborted may have
     * left some on their way, on some channels only; were they counted among a changed number of
     * channels, the task would wait for ever for those that never come.
     */
    public void expectNoCheckpointUpTo(long checkpoint) throws IOException {
        if (checkpoint == CheckpointGate.NO_CHECKPOINT) {
            return;
        }
        InputChannelInfo any = NetworkInput.all(task).get(0).gate().getChannel(0).getChannelInfo();
        task.barrierHandler()
                .processCancellationBarrier(new CancelCheckpointMarker(checkpoint), any);
    }

    /**
     * Adds a channel for each new producer and requests its data. Late channels count in
     * watermarks and barriers at once.
     *
     * @param consumedSubpartitionIndex the subpartition this task reads of every producer
     * @param newProducers producers that run, in the order of their subtask indices
     * @return the new channels
     * @throws NetworkResizeException if there are too few network buffers or no connection;
     *     nothing changed
     */
    public List<InputChannelInfo> grow(
            IntermediateDataSetID result,
            int consumedSubpartitionIndex,
            List<ShuffleDescriptor> newProducers)
            throws Exception {
        NetworkInput input = locate(result);
        input.checkResizable();
        GateResizer gate = new GateResizer(input.gate());
        gate.checkGrowable(newProducers, ownGates());
        int before = gate.channels();
        PendingRecovery.settle(input.checkpointedGate(), lateChannels);

        List<InputChannelInfo> added =
                gate.append(newProducers, consumedSubpartitionIndex, task.channelStateWriter());
        lateChannels.await(added);
        input.add(added, consumedSubpartitionIndex, task.spillDirectories());
        BarrierCount.add(task.barrierHandler(), added.size());
        try {
            gate.connect(newProducers);
        } catch (IOException | InterruptedException | RuntimeException e) {
            abandon(result, before);
            if (e instanceof InterruptedException) {
                throw e;
            }
            throw new NetworkResizeException(
                    String.format(
                            "%s cannot read result %s of %d more producers: %s",
                            task.name(), result, newProducers.size(), e.getMessage()),
                    e);
        }
        return added;
    }

    /** From now on each producer of the result is read as soon as it has been restored itself. */
    public void settle(IntermediateDataSetID result) throws IOException {
        PendingRecovery.settle(locate(result).checkpointedGate(), lateChannels);
    }

    /** Whether all channels from index {@code keep} on have delivered their last record. */
    public boolean hasEnded(IntermediateDataSetID result, int keep) {
        return new GateResizer(locate(result).gate()).hasEnded(keep);
    }

    /**
     * Removes the channels from index {@code keep} on, whose producers have retired.
     *
     * @throws IllegalStateException if one of them has not ended, see {@link #hasEnded}, or ended
     *     without {@link ResizableOutput#announceRetirement}
     */
    public void shrink(IntermediateDataSetID result, int keep) throws Exception {
        NetworkInput input = locate(result);
        GateResizer gate = new GateResizer(input.gate());
        gate.checkRetired(keep);
        remove(input, gate, keep);
    }

    /**
     * Removes the channels from index {@code keep} on although their producers have not ended: the
     * way back from {@link #grow}, before the producers owned anything and before they are
     * cancelled.
     */
    public void abandon(IntermediateDataSetID result, int keep) throws Exception {
        NetworkInput input = locate(result);
        GateResizer gate = new GateResizer(input.gate());
        int open = gate.releaseOpenChannels(keep);
        BarrierCount.add(task.barrierHandler(), -open);
        remove(input, gate, keep);
    }

    private void remove(NetworkInput input, GateResizer gate, int keep) throws Exception {
        List<InputChannelInfo> removed = gate.remove(keep);
        lateChannels.forget(removed);
        input.remove(removed);
    }

    private List<SingleInputGate> ownGates() {
        return NetworkInput.all(task).stream()
                .map(NetworkInput::gate)
                .collect(Collectors.toList());
    }

    private NetworkInput locate(IntermediateDataSetID result) {
        return NetworkInput.locate(task, result);
    }
}
