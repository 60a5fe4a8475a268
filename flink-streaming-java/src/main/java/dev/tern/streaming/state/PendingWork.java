package dev.tern.streaming.state;

import org.apache.flink.runtime.asyncprocessing.AsyncExecutionController;
import org.apache.flink.streaming.api.operators.StreamOperator;

import java.util.List;

/**
 * What the operators of a chain hold outside of keyed state and can be asked to give away: bundles
 * of mini-batches, window buffers, state requests that have not been answered yet.
 *
 * <p>Flink's own contract for that is {@link StreamOperator#prepareSnapshotPreBarrier}: an operator
 * that holds something empties itself into its state or its output, so that a snapshot without it is
 * complete, at any parallelism. The same holds for a unit that leaves. Task mailbox thread.
 */
final class PendingWork {

    /** There is no checkpoint; operators of Flink do not look at the number. */
    private static final long NO_CHECKPOINT = -1L;

    private final List<StreamOperator<?>> chain;

    /**
     * @param chain head first, so that what one operator gives away is flushed by the next
     */
    PendingWork(List<StreamOperator<?>> chain) {
        this.chain = chain;
    }

    /** Empties the keyed operators; what others hold belongs to no key group. */
    void flushKeyed() throws Exception {
        for (StreamOperator<?> operator : chain) {
            if (OperatorInspection.isKeyed(operator)) {
                flush(operator);
            }
        }
    }

    /** Empties all operators but sinks, which have their own way to end. */
    void flushAll() throws Exception {
        for (StreamOperator<?> operator : chain) {
            flush(operator);
        }
    }

    private static void flush(StreamOperator<?> operator) throws Exception {
        boolean canFlush = BufferingOperators.canFlush(operator);
        if (canFlush) {
            operator.prepareSnapshotPreBarrier(NO_CHECKPOINT);
        }
        boolean wroteBack = StateCaches.writeBack(operator);
        if (wroteBack && canFlush) {
            // Writing back may itself be asynchronous.
            operator.prepareSnapshotPreBarrier(NO_CHECKPOINT);
        }
        StateCaches.clear(operator);
        forgetKey(operator);
    }

    /** The last key is selected again after each watermark, and may be one that leaves. */
    @SuppressWarnings({"unchecked", "rawtypes"})
    private static void forgetKey(StreamOperator<?> operator) {
        AsyncExecutionController requests = OperatorInspection.requests(operator);
        if (requests != null) {
            requests.setCurrentContext(null);
        }
    }
}
