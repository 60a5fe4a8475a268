package dev.tern.streaming.network;

import org.apache.flink.runtime.checkpoint.channel.ChannelStateWriter;
import org.apache.flink.runtime.io.network.buffer.BufferBuilder;
import org.apache.flink.runtime.io.network.buffer.BufferPool;
import org.apache.flink.runtime.io.network.buffer.LocalBufferPool;
import org.apache.flink.runtime.io.network.metrics.ResultPartitionBytesCounter;
import org.apache.flink.runtime.io.network.partition.PipelinedResultPartition;
import org.apache.flink.runtime.io.network.partition.PipelinedSubpartition;
import org.apache.flink.runtime.io.network.partition.ResultPartitionType;
import org.apache.flink.runtime.io.network.partition.ResultSubpartition;
import org.apache.flink.runtime.metrics.groups.TaskIOMetricGroup;

import java.io.IOException;
import java.util.Arrays;

/**
 * Appends and removes subpartitions at the end of a pipelined result partition that is in use.
 *
 * <p>Runs in the task's mailbox thread, which is the only one that writes. Three other threads
 * look on: Netty threads create views under the lock of the partition manager and report released
 * ones under the partition's own lock, so what they see changes under both; the output flusher and
 * metrics only walk over the (volatile) array of subpartitions, and an old one does no harm there.
 */
final class PartitionResizer {

    private final PipelinedResultPartition partition;
    private final ChannelStateWriter channelStateWriter;
    private final TaskIOMetricGroup metrics;

    PartitionResizer(
            PipelinedResultPartition partition,
            ChannelStateWriter channelStateWriter,
            TaskIOMetricGroup metrics) {
        if (partition.getPartitionType() == ResultPartitionType.PIPELINED_APPROXIMATE) {
            throw new IllegalArgumentException(partition + " recovers approximately.");
        }
        this.partition = partition;
        this.channelStateWriter = channelStateWriter;
        this.metrics = metrics;
    }

    int subpartitions() {
        return partition.getNumberOfSubpartitions();
    }

    void grow(int to) throws NetworkResizeException {
        int from = subpartitions();
        if (to <= from) {
            throw new IllegalArgumentException(
                    String.format("%s cannot grow to %d subpartitions.", partition, to));
        }
        if (partition.isFinished() || partition.hasNotifiedEndOfUserRecords) {
            throw new IllegalStateException(
                    partition + " has ended: a new consumer would wait for an end it has missed.");
        }
        ResultSubpartition[] grown = Arrays.copyOf(partition.subpartitions, to);
        for (int i = from; i < to; i++) {
            grown[i] = createLike(subpartition(0), i);
        }

        finishBuilders();
        replaceBufferPool(to);
        synchronized (partition.partitionManager.registeredPartitions) {
            synchronized (partition.lock) {
                resizeBookkeeping(to);
                partition.numNotAllRecordsProcessedSubpartitions += to - from;
                partition.numberOfUsers += to - from;
            }
            publish(grown);
        }
        resizeByteCounter(to);
    }

    boolean isConsumed(int from) {
        synchronized (partition.partitionManager.registeredPartitions) {
            synchronized (partition.lock) {
                for (int i = from; i < subpartitions(); i++) {
                    if (!partition.consumedSubpartitions[i] && hasHadReader(i)) {
                        return false;
                    }
                }
                return true;
            }
        }
    }

    void shrink(int to) throws IOException {
        int from = subpartitions();
        if (to < 1 || to >= from) {
            throw new IllegalArgumentException(
                    String.format("%s cannot shrink to %d subpartitions.", partition, to));
        }
        finishBuilders();
        ResultSubpartition[] all = partition.subpartitions;
        boolean allProcessed;
        synchronized (partition.partitionManager.registeredPartitions) {
            if (!isConsumed(to)) {
                throw new IllegalStateException(
                        String.format(
                                "%s cannot shrink to %d subpartitions: a reader of a later one has"
                                        + " not left yet. Wait until isConsumed(%d).",
                                partition, to, to));
            }
            synchronized (partition.lock) {
                for (int i = to; i < from; i++) {
                    if (!partition.consumedSubpartitions[i]) {
                        partition.numberOfUsers--;
                    }
                    if (!partition.allRecordsProcessedSubpartitions[i]) {
                        partition.numNotAllRecordsProcessedSubpartitions--;
                    }
                }
                resizeBookkeeping(to);
                allProcessed = partition.numNotAllRecordsProcessedSubpartitions == 0;
            }
            publish(Arrays.copyOf(all, to));
        }
        for (int i = to; i < from; i++) {
            all[i].release();
            partition.totalWrittenBytes -= ((PipelinedSubpartition) all[i]).totalNumberOfBytes;
        }
        replaceBufferPool(to);
        resizeByteCounter(to);
        if (allProcessed) {
            // The input ended during the rescale, and only the subtasks that are gone were missing.
            partition.getAllDataProcessedFuture().complete(null);
        }
    }

    private PipelinedSubpartition createLike(PipelinedSubpartition sibling, int index) {
        PipelinedSubpartition subpartition =
                new PipelinedSubpartition(
                        index,
                        sibling.receiverExclusiveBuffersPerChannel,
                        sibling.bufferSize,
                        partition);
        subpartition.setChannelStateWriter(channelStateWriter);
        return subpartition;
    }

    /** No open buffer may belong to a pool that is given back. */
    private void finishBuilders() {
        partition.finishBroadcastBufferBuilder();
        partition.finishUnicastBufferBuilders();
    }

    private void replaceBufferPool(int to) throws NetworkResizeException {
        LocalBufferPool old = (LocalBufferPool) partition.bufferPool;
        OutputBufferPool.Size size =
                OutputBufferPool.sizeFor(
                        partition.getPartitionType(),
                        subpartition(0).receiverExclusiveBuffersPerChannel,
                        old.getMaxNumberOfMemorySegments(),
                        old.subpartitionBuffersCount.length,
                        to);
        BufferPool replacement = OutputBufferPool.replace(old, size, to);
        partition.bufferPool = replacement;
    }

    private void resizeBookkeeping(int to) {
        partition.allRecordsProcessedSubpartitions =
                Arrays.copyOf(partition.allRecordsProcessedSubpartitions, to);
        partition.consumedSubpartitions = Arrays.copyOf(partition.consumedSubpartitions, to);
    }

    private void publish(ResultSubpartition[] subpartitions) {
        partition.unicastBufferBuilders = new BufferBuilder[subpartitions.length];
        partition.subpartitions = subpartitions;
        partition.numSubpartitions = subpartitions.length;
    }

    /** A counter of its own size: the metrics thread may be reading the old one. */
    private void resizeByteCounter(int to) {
        long[] counted =
                partition.getResultPartitionBytes().createSnapshot().getSubpartitionBytes();
        ResultPartitionBytesCounter counter = new ResultPartitionBytesCounter(to);
        for (int i = 0; i < Math.min(to, counted.length); i++) {
            counter.inc(i, counted[i]);
        }
        partition.resultPartitionBytes = counter;
        metrics.registerResultPartitionBytesCounter(
                partition.getPartitionId().getPartitionId(), counter);
    }

    /** Holds the partition manager's lock, under which readers appear. */
    private boolean hasHadReader(int index) {
        return subpartition(index).readView != null;
    }

    private PipelinedSubpartition subpartition(int index) {
        return (PipelinedSubpartition) partition.subpartitions[index];
    }
}
