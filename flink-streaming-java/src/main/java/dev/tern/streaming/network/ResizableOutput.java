package dev.tern.streaming.network;

import org.apache.flink.runtime.event.RuntimeEvent;
import org.apache.flink.runtime.io.network.api.StopMode;
import org.apache.flink.runtime.io.network.api.writer.BroadcastRecordWriter;
import org.apache.flink.runtime.io.network.api.writer.ChannelSelectorRecordWriter;
import org.apache.flink.runtime.io.network.api.writer.RecordWriter;
import org.apache.flink.runtime.io.network.partition.PipelinedResultPartition;
import org.apache.flink.runtime.jobgraph.IntermediateDataSetID;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.io.RecordWriterOutput;
import org.apache.flink.streaming.runtime.partitioner.KeyGroupStreamPartitioner;
import org.apache.flink.streaming.runtime.partitioner.StreamPartitioner;
import org.apache.flink.streaming.runtime.streamrecord.StreamElement;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;

import java.io.IOException;
import java.util.List;

/**
 * One output of a running task whose consumers change in number: a record writer, its partition
 * and the operator outputs that write through it.
 *
 * <p>Task mailbox thread, between two records. More consumers: {@link #grow}, deploy them, {@link
 * #prime}, {@link #setRoutes}, {@link #broadcastMarker}. Fewer: {@link #setRoutes}, {@link
 * #broadcastMarker}, {@link #limitBroadcasts}, end them, wait for {@link #isConsumed}, {@link
 * #shrink}.
 */
public final class ResizableOutput {

    private final IntermediateDataSetID result;
    private final RecordWriter<?> writer;
    private final PipelinedResultPartition partition;
    private final PartitionResizer resizer;
    private final List<RecordWriterOutput<?>> streamOutputs;

    /** Null unless the edge broadcasts. */
    private final BroadcastEdge broadcast;

    ResizableOutput(
            IntermediateDataSetID result,
            RecordWriter<?> writer,
            PipelinedResultPartition partition,
            PartitionResizer resizer,
            List<RecordWriterOutput<?>> streamOutputs) {
        this.result = result;
        this.writer = writer;
        this.partition = partition;
        this.resizer = resizer;
        this.streamOutputs = List.copyOf(streamOutputs);
        this.broadcast =
                writer instanceof BroadcastRecordWriter
                        ? new BroadcastEdge(writer, this.streamOutputs)
                        : null;
    }

    /** The result this output writes. */
    public IntermediateDataSetID result() {
        return result;
    }

    /** Number of physical subpartitions, those without a consumer included. */
    public int subpartitions() {
        return resizer.subpartitions();
    }

    /**
     * Appends subpartitions. They receive events, but nothing else yet: what is broadcast to a
     * subpartition that nobody reads piles up there, and a task that emits a watermark for each
     * record would soon wait for buffers that only a new consumer can free. The records of a
     * broadcast edge reach them from {@link #limitBroadcasts} on.
     *
     * @throws NetworkResizeException if the process has too few network buffers; nothing changed
     */
    public void grow(int newSubpartitions) throws NetworkResizeException {
        int before = subpartitions();
        resizer.grow(newSubpartitions);
        if (broadcast != null) {
            broadcast.sendToFirst(before);
        }
    }

    /**
     * Lets watermarks, idleness and latency markers reach all subpartitions from now on, after
     * telling the ones that were left out so far what they have missed. To be called once the
     * consumers of new subpartitions run; {@link #setRoutes} does it at the latest.
     *
     * <p>May wait for a buffer, as every emit may.
     */
    public void prime() throws IOException {
        int from = writer.numberOfSubpartitions;
        int to = subpartitions();
        if (from < to && partition.hasNotifiedEndOfUserRecords) {
            throw new IllegalStateException(
                    partition + " has ended: nothing can be told to a new consumer any more.");
        }
        for (RecordWriterOutput<?> output : streamOutputs) {
            for (int subpartition = from; subpartition < to; subpartition++) {
                prime(output, subpartition);
            }
        }
        setTimeReceivers(to);
    }

    private void setTimeReceivers(int subpartitions) {
        writer.numberOfSubpartitions = subpartitions;
        if (broadcast != null) {
            broadcast.sendTimeToFirst(subpartitions);
        }
    }

    /** The watermark goes first: an idle channel ignores one. */
    private void prime(RecordWriterOutput<?> output, int subpartition) throws IOException {
        long watermark = output.getWatermarkGauge().getValue();
        if (watermark != Long.MIN_VALUE) {
            emit(output, new Watermark(watermark), subpartition);
        }
        if (output.announcedStatus.isIdle()) {
            emit(output, WatermarkStatus.IDLE, subpartition);
        }
        partition.flush(subpartition);
    }

    private static void emit(RecordWriterOutput<?> output, StreamElement element, int subpartition)
            throws IOException {
        output.serializationDelegate.setInstance(element);
        output.recordWriter.emit(output.serializationDelegate, subpartition);
    }

    /**
     * Sends records to the given owners from the next record on. A broadcast edge has no owners; its
     * records go where {@link #limitBroadcasts} says.
     *
     * @param ownerByKeyGroup subtask index of the owner, one entry a key group
     * @param subtasks number of subtasks that may be owners
     */
    public void setRoutes(int[] ownerByKeyGroup, int subtasks) throws IOException {
        checkWithinSubpartitions(subtasks);
        if (broadcast != null) {
            primeUpTo(subtasks);
            return;
        }
        StreamPartitioner<?> own = ownPartitioner();
        if (!(own instanceof KeyGroupStreamPartitioner)) {
            throw new IllegalStateException(
                    String.format(
                            "Result %s is partitioned by %s, not by key, so it has no routes.",
                            result, own));
        }
        primeUpTo(subtasks);
        KeyGroupStreamPartitioner<?, ?> contiguous = (KeyGroupStreamPartitioner<?, ?>) own;
        install(new RoutedKeyGroupPartitioner<>(contiguous, ownerByKeyGroup, subtasks));
    }

    private void primeUpTo(int subtasks) throws IOException {
        if (subtasks > writer.numberOfSubpartitions) {
            prime();
        }
    }

    /**
     * Puts Flink's own partitioner back, which knows contiguous ownership only. On an edge that is
     * not keyed this spreads records over so many subtasks.
     *
     * @param subtasks number of owners
     */
    public void restoreContiguous(int subtasks) throws IOException {
        checkWithinSubpartitions(subtasks);
        primeUpTo(subtasks);
        if (broadcast != null) {
            return;
        }
        StreamPartitioner<?> own = ownPartitioner();
        own.setup(subtasks);
        install(own);
    }

    /**
     * Writes a marker into every subpartition, behind everything that was emitted before, also
     * into those that are about to be retired.
     */
    public void broadcastMarker(RuntimeEvent marker) throws IOException {
        partition.broadcastEvent(marker, false);
        partition.flushAll();
    }

    /** Sends a marker into every subpartition that overtakes all that was emitted before. */
    public void announce(RuntimeEvent marker) throws IOException {
        partition.broadcastEvent(marker, true);
    }

    /**
     * Keeps watermarks, idleness and latency markers, and on a broadcast edge records, from subtasks
     * that are about to end; the others get them. Events
     * still reach every physical subpartition, checkpoint barriers among them. With aligned
     * checkpoints they are dropped together with the subpartition; a barrier that may turn into an
     * unaligned one makes the checkpoint wait until somebody reads it. Hence no checkpoint may
     * start between the end of a subtask and {@link #shrink}.
     */
    public void limitBroadcasts(int subtasks) {
        checkWithinSubpartitions(subtasks);
        if (broadcast != null && subtasks == subpartitions()) {
            broadcast.sendToAll();
        } else if (broadcast != null) {
            broadcast.sendToFirst(subtasks);
        }
        setTimeReceivers(subtasks);
    }

    /**
     * Whether nobody reads the subpartitions from this index on: their readers have left, or none
     * ever came. The end of a consumer becomes visible here later than in the JobMaster.
     */
    public boolean isConsumed(int from) {
        return resizer.isConsumed(from);
    }

    /**
     * Removes the last subpartitions. The same indices may be grown again.
     *
     * @throws IllegalStateException if they are still read, or still written to
     */
    public void shrink(int newSubpartitions) throws IOException {
        int routed =
                broadcast != null
                        ? broadcast.receivers(subpartitions())
                        : partitioner().numberOfChannels;
        if (routed > newSubpartitions) {
            throw new IllegalStateException(
                    String.format(
                            "Result %s cannot shrink to %d subpartitions: records are routed to %d"
                                    + " subtasks. Set other routes first.",
                            result, newSubpartitions, routed));
        }
        setTimeReceivers(Math.min(writer.numberOfSubpartitions, newSubpartitions));
        resizer.shrink(newSubpartitions);
        if (broadcast != null && routed == newSubpartitions) {
            broadcast.sendToAll();
        }
    }

    /**
     * Says farewell to the consumers of a subtask that is about to retire: no watermark will come
     * from here, and no record either. With the second message a downstream task accounts for this
     * channel as for any other one when the job ends or stops; without it, the end of data would
     * never be complete there. It is sent in the mode that takes no part in the decision whether to
     * drain. The subtask itself does not finish its operators.
     */
    public void announceRetirement() throws IOException {
        for (RecordWriterOutput<?> output : streamOutputs) {
            output.emitWatermarkStatus(WatermarkStatus.IDLE);
        }
        partition.notifyEndOfData(StopMode.DRAIN);
        partition.flushAll();
    }

    private void checkWithinSubpartitions(int subtasks) {
        if (subtasks < 1 || subtasks > subpartitions()) {
            throw new IllegalArgumentException(
                    String.format(
                            "Result %s has %d subpartitions, but %d subtasks are given.",
                            result, subpartitions(), subtasks));
        }
    }

    /** The edge's own partitioner, installed or not. */
    private StreamPartitioner<?> ownPartitioner() {
        StreamPartitioner<?> installed = partitioner();
        return installed instanceof RoutedKeyGroupPartitioner
                ? ((RoutedKeyGroupPartitioner<?, ?>) installed).contiguous()
                : installed;
    }

    private StreamPartitioner<?> partitioner() {
        return (StreamPartitioner<?>)
                (Object) ((ChannelSelectorRecordWriter<?>) writer).channelSelector;
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private void install(StreamPartitioner<?> partitioner) {
        ((ChannelSelectorRecordWriter) writer).channelSelector = partitioner;
    }
}
