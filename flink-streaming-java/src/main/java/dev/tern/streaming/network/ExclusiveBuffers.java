package dev.tern.streaming.network;

import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.runtime.io.network.buffer.LocalBufferPool;
import org.apache.flink.runtime.io.network.buffer.NetworkBufferPool;
import org.apache.flink.runtime.io.network.partition.consumer.SingleInputGate;

import java.util.Collection;

/**
 * Tells beforehand whether late channels can have their exclusive buffers.
 *
 * <p>Flink waits for them if they are merely in use, up to half a minute. The thread that would
 * wait here is the one that must process what fills the floating buffers of its own gates, so those
 * do not count as available.
 */
final class ExclusiveBuffers {

    private ExclusiveBuffers() {}

    static void check(NetworkBufferPool process, Collection<SingleInputGate> ownGates, int needed)
            throws NetworkResizeException {
        int floating = ownGates.stream().mapToInt(ExclusiveBuffers::floatingInUse).sum();
        int available =
                process.getTotalNumberOfMemorySegments()
                        - process.numTotalRequiredBuffers
                        - floating;
        if (needed > available) {
            throw new NetworkResizeException(
                    String.format(
                            "More producers need %d network buffers, but only %d of the process's"
                                    + " %d can be had. Raise %s or %s.",
                            needed,
                            Math.max(0, available),
                            process.getTotalNumberOfMemorySegments(),
                            TaskManagerOptions.NETWORK_MEMORY_MAX.key(),
                            TaskManagerOptions.NETWORK_MEMORY_FRACTION.key()));
        }
    }

    private static int floatingInUse(SingleInputGate gate) {
        LocalBufferPool pool = (LocalBufferPool) gate.getBufferPool();
        return Math.max(
                0,
                pool.getNumberOfRequestedMemorySegments()
                        - pool.getNumberOfRequiredMemorySegments());
    }
}
