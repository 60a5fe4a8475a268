package dev.tern.streaming.network;

import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.runtime.execution.CancelTaskException;
import org.apache.flink.runtime.io.network.buffer.BufferPool;
import org.apache.flink.runtime.io.network.buffer.LocalBufferPool;
import org.apache.flink.runtime.io.network.buffer.NetworkBufferPool;
import org.apache.flink.runtime.io.network.partition.ResultPartitionType;
import org.apache.flink.runtime.shuffle.NettyShuffleUtils;

import org.apache.commons.lang3.tuple.Pair;

import java.io.IOException;

/**
 * Replaces the buffer pool of an output by one for another number of subpartitions.
 *
 * <p>A pool is replaced instead of resized because buffers in flight remember their subpartition's
 * slot in the pool they came from. They return to the process-wide pool through the old one.
 */
final class OutputBufferPool {

    /**
     * Size of a pool in buffers.
     *
     * @param required guaranteed buffers
     * @param max most buffers the pool may take
     */
    record Size(int required, int max) {}

    private OutputBufferPool() {}

    /**
     * The size Flink gives an output of {@code to} subpartitions, derived from the size it gave
     * one of {@code from}: the floating buffers of an output are not known to its tasks.
     */
    static Size sizeFor(
            ResultPartitionType type, int exclusivePerSubpartition, int max, int from, int to) {
        int floating = type.isBounded() ? Math.max(0, max - from * exclusivePerSubpartition) : 0;
        int noSortShuffle = Integer.MAX_VALUE;
        Pair<Integer, Integer> size =
                NettyShuffleUtils.getMinMaxNetworkBuffersPerResultPartition(
                        exclusivePerSubpartition, floating, noSortShuffle, 0, to, false, 0, type);
        return new Size(size.getLeft(), size.getRight());
    }

    /**
     * Gives {@code old} back and returns its replacement, or leaves it alone and throws.
     *
     * @throws NetworkResizeException if the process has too few network buffers
     * @throws CancelTaskException if the task is being cancelled
     */
    static BufferPool replace(LocalBufferPool old, Size size, int subpartitions)
            throws NetworkResizeException {
        NetworkBufferPool global = old.networkBufferPool;
        // The lock makes the check hold until the new pool exists: no other task can take the
        // buffers in between, so there is never an old pool to restore.
        synchronized (global.factoryLock) {
            if (old.isDestroyed()) {
                throw new CancelTaskException("The output's buffers were taken by a cancellation.");
            }
            int unreserved =
                    global.getTotalNumberOfMemorySegments()
                            - global.numTotalRequiredBuffers
                            + old.getNumberOfRequiredMemorySegments();
            if (size.required() > unreserved) {
                throw new NetworkResizeException(
                        String.format(
                                "An output of %d subpartitions needs %d network buffers, but only"
                                        + " %d of the process's %d can be had. Raise %s or %s.",
                                subpartitions,
                                size.required(),
                                unreserved,
                                global.getTotalNumberOfMemorySegments(),
                                TaskManagerOptions.NETWORK_MEMORY_MAX.key(),
                                TaskManagerOptions.NETWORK_MEMORY_FRACTION.key()));
            }
            old.lazyDestroy();
            try {
                return global.createBufferPool(
                        size.required(),
                        size.max(),
                        subpartitions,
                        old.maxBuffersPerChannel,
                        old.getMaxOverdraftBuffersPerGate());
            } catch (IOException e) {
                throw new IllegalStateException(
                        "Network buffers vanished under the lock that guards them.", e);
            }
        }
    }
}
